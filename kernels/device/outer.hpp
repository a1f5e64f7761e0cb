// SPDX-License-Identifier: BSD-3-Clause
// Products dy^T x over the rows of each of many pieces: gradients of weights. A block makes one tile of one piece's
// product. It brings a few rows at a time into shared memory; a thread has some elements in registers and takes one
// fused multiply-add a row for each, in row order from 0. Which tiles are taken depends on the shape only for speed.
#pragma once

#include <kernels/device/row_pieces.hpp>
#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// sums[p * piece_stride + o * row_stride + i], p < pieces, o < dy_cols, i < x_cols, is the product over piece p.
template <class T>
struct OuterProduct {
  Rows<T> x, dy;
  std::int64_t x_cols, dy_cols;
  RowPieces rows;
  std::int64_t pieces;
  T* sums;
  std::int64_t piece_stride, row_stride;
};

/// Adjacent numbers that shared memory delivers at once, of at most `Most`.
template <class T, int Most>
inline constexpr int shared_width = Most * int(sizeof(T)) <= 16 ? Most : 16 / int(sizeof(T));

/// W numbers between shared memory, at a multiple of 16 bytes or of their size, and the registers of a thread.
template <int W, class T>
HALOGRAPH_FN Pack<T, W> load_shared(const T* from) {
  if constexpr (W == 1) return Pack<T, 1>(*from);
  else if constexpr (is_quad<T, W>) return reinterpret_cast<const QuadOf<Pack<T, W>>*>(from)->pack;
  else return Pack<T, W>::join(load_shared<W / 2>(from), load_shared<W / 2>(from + W / 2));
}
template <int W, class T>
HALOGRAPH_FN void store_shared(T* to, Pack<T, W> a) {
  if constexpr (W == 1) {
    *to = a.value;
  } else if constexpr (is_quad<T, W>) {
    *reinterpret_cast<QuadOf<Pack<T, W>>*>(to) = QuadOf<Pack<T, W>>{a};
  } else {
    store_shared(to, a.low);
    store_shared(to + W / 2, a.high);
  }
}
template <int W, class T>
HALOGRAPH_FN void spread(Pack<T, W> a, T* number) {
  if constexpr (W == 1) {
    *number = a.value;
  } else {
    spread(a.low, number);
    spread(a.high, number + W / 2);
  }
}

/// Tiles of 8 * Outs by 16 * Ins elements, Outs by Ins a thread.
template <class T, int Outs, int Ins>
struct OuterTiles {
  static constexpr int threads = 128, threads_in = 16, threads_out = threads / threads_in;
  static constexpr int tile_out = threads_out * Outs, tile_in = threads_in * Ins;
  static constexpr int depth = 64 / int(sizeof(T));  ///< rows at a time
  static constexpr int shared_bytes = depth * (tile_out + tile_in) * int(sizeof(T));
  static constexpr int out_width = shared_width<T, Outs>, in_width = shared_width<T, Ins>;

  OuterProduct<T> product;
  std::int64_t tiles_in, tiles;

  struct Sums {
    T of[Outs][Ins];
  };

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const std::int64_t piece = block.index() / tiles, tile = block.index() - piece * tiles;
    const std::int64_t first_out = tile / tiles_in * tile_out, first_in = (tile - tile / tiles_in * tiles_in) * tile_in;
    const std::int64_t end = product.rows.end(piece);
    T* dy_tile = block.template shared<T>(0);
    T* x_tile = dy_tile + depth * tile_out;
    PerThread<Sums, Block> sums;
    block.phase([&](int thread) { clear(sums[thread]); });
    for (std::int64_t row = product.rows.begin(piece); row < end; row += depth) {
      const int n = end - row < depth ? int(end - row) : depth;
      block.phase([&](int thread) {
        bring<tile_out>(thread, product.dy, row, n, first_out, product.dy_cols, dy_tile);
        bring<tile_in>(thread, product.x, row, n, first_in, product.x_cols, x_tile);
      });
      block.phase([&](int thread) {
        // The usual number of rows as a constant: the loop is unrolled.
        if (n == depth) add_rows(thread, depth, dy_tile, x_tile, sums[thread]);
        else add_rows(thread, n, dy_tile, x_tile, sums[thread]);
      });
    }
    block.phase([&](int thread) { put(thread, sums[thread], piece, first_out, first_in); });
  }

 private:
  static HALOGRAPH_FN int out_of(int thread) { return thread / threads_in * Outs; }
  /// Neighbouring threads have neighbouring groups of columns: no two of them in one bank of shared memory.
  static HALOGRAPH_FN int in_of(int thread, int group) { return (group * threads_in + thread % threads_in) * in_width; }

  static HALOGRAPH_FN void clear(Sums& sums) {
    for (int o = 0; o < Outs; ++o)
      for (int i = 0; i < Ins; ++i) sums.of[o][i] = T(0);
  }

  /// n rows of Width columns from `first` on. What lies beyond the last column is left as it is, and goes into sums that
  /// nobody reads.
  template <int Width>
  static HALOGRAPH_FN void bring(int thread, const Rows<T>& from, std::int64_t row, int n, std::int64_t first,
                                 std::int64_t cols, T* tile) {
    constexpr int quads = Width / 4;
    for (int quad = thread; quad < n * quads; quad += threads) {
      const int r = quad / quads, c = quad % quads * 4;
      const T* source = from[row + r] + first + c;
      T* to = tile + r * Width + c;
      if (first + c + 4 <= cols) {
        store_shared(to, load<4>(source));
      } else {
        for (int i = 0; i < 4; ++i)
          if (first + c + i < cols) to[i] = source[i];
      }
    }
  }

  static HALOGRAPH_FN void add_rows(int thread, int n, const T* dy_tile, const T* x_tile, Sums& sums) {
    const T* dy_row = dy_tile + out_of(thread);
    for (int r = 0; r < n; ++r) {
      T factor[Outs], value[Ins];
      for (int o = 0; o < Outs; o += out_width) spread(load_shared<out_width>(dy_row + r * tile_out + o), factor + o);
      for (int g = 0; g < Ins / in_width; ++g)
        spread(load_shared<in_width>(x_tile + r * tile_in + in_of(thread, g)), value + g * in_width);
      for (int o = 0; o < Outs; ++o)
        for (int i = 0; i < Ins; ++i) sums.of[o][i] = fused(factor[o], value[i], sums.of[o][i]);
    }
  }

  HALOGRAPH_FN void put(int thread, const Sums& sums, std::int64_t piece, std::int64_t first_out, std::int64_t first_in) const {
    for (int o = 0; o < Outs; ++o) {
      const std::int64_t out = first_out + out_of(thread) + o;
      if (out >= product.dy_cols) break;
      T* to = product.sums + piece * product.piece_stride + out * product.row_stride;
      for (int g = 0; g < Ins / in_width; ++g) {
        const std::int64_t in = first_in + in_of(thread, g);
        for (int i = 0; i < in_width; ++i)
          if (in + i < product.x_cols) to[in + i] = sums.of[o][g * in_width + i];
      }
    }
  }
};

template <class T, int Outs, int Ins>
void launch_outer_tiles(const OuterProduct<T>& product) {
  using Tiles = OuterTiles<T, Outs, Ins>;
  const std::int64_t tiles_in = (product.x_cols + Tiles::tile_in - 1) / Tiles::tile_in;
  const std::int64_t tiles = tiles_in * ((product.dy_cols + Tiles::tile_out - 1) / Tiles::tile_out);
  for_each_block<Tiles::threads>(product.pieces * tiles, Tiles::shared_bytes, Tiles{product, tiles_in, tiles});
}

/// What tiles of Outs by Ins elements a thread cost: the fused multiply-adds and loads of a row, over all blocks. A GPU that
/// is not full is no faster for having fewer of them.
template <int Outs, int Ins>
std::int64_t outer_cost(std::int64_t pieces, std::int64_t outs, std::int64_t ins) {
  constexpr std::int64_t blocks_of_a_gpu = 1024;
  const std::int64_t blocks = pieces * ((outs + 8 * Outs - 1) / (8 * Outs)) * ((ins + 16 * Ins - 1) / (16 * Ins));
  return (blocks > blocks_of_a_gpu ? blocks : blocks_of_a_gpu) * (Outs * Ins + Outs + Ins);
}

/// Enqueues the product.
template <class T>
void launch_outer(const OuterProduct<T>& product) {
  if (product.pieces <= 0 || product.x_cols <= 0 || product.dy_cols <= 0) return;
  void (*best)(const OuterProduct<T>&) = launch_outer_tiles<T, 8, 4>;
  std::int64_t lowest = outer_cost<8, 4>(product.pieces, product.dy_cols, product.x_cols);
  const auto consider = [&](std::int64_t cost, void (*launch)(const OuterProduct<T>&)) {
    if (cost < lowest) lowest = cost, best = launch;
  };
  consider(outer_cost<4, 2>(product.pieces, product.dy_cols, product.x_cols), launch_outer_tiles<T, 4, 2>);
  consider(outer_cost<1, 4>(product.pieces, product.dy_cols, product.x_cols), launch_outer_tiles<T, 1, 4>);
  consider(outer_cost<8, 1>(product.pieces, product.dy_cols, product.x_cols), launch_outer_tiles<T, 8, 1>);
  consider(outer_cost<1, 1>(product.pieces, product.dy_cols, product.x_cols), launch_outer_tiles<T, 1, 1>);
  best(product);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
