// SPDX-License-Identifier: BSD-3-Clause
// Products dy^T x over the rows of each of many pieces: gradients of weights. A block makes one tile of one piece's
// product. It brings a few rows at a time into shared memory; a thread has some elements in registers and takes one
// fused multiply-add a row for each, in row order from 0. Which tiles are taken depends on the shape only for speed.
#pragma once

#include <kernels/device/quads.hpp>
#include <kernels/device/row_pieces.hpp>
#include <kernels/launch/launch.hpp>
#include <kernels/launch/unroll.hpp>

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

/// Numbers that shared memory delivers at once, of Count.
template <class T, int Count>
inline constexpr int at_once = Count* int(sizeof(T)) <= 16 ? Count : 16 / int(sizeof(T));

/// Tiles of 8 * Outs by 16 * Ins elements, Outs by Ins a thread.
template <class T, int Outs, int Ins>
struct OuterTiles {
  static constexpr int threads = 128, threads_in = 16, threads_out = threads / threads_in;
  static constexpr int tile_out = threads_out * Outs, tile_in = threads_in * Ins;
  static constexpr int depth = 64 / int(sizeof(T));  ///< rows at a time
  static constexpr int shared_bytes = depth * (tile_out + tile_in) * int(sizeof(T));
  /// As many as leave the registers that the sums and a row of factors take.
  static constexpr int blocks_beside = Outs * Ins * int(sizeof(T)) > 128 ? 3 : Outs* Ins* int(sizeof(T)) > 64 ? 6 : 8;
  static constexpr int out_width = at_once<T, Outs>, in_width = at_once<T, Ins>;

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
    const bool dy_aligned = is_aligned(product.dy), x_aligned = is_aligned(product.x);
    const bool whole_dy = dy_aligned && first_out + tile_out <= product.dy_cols;
    const bool whole_x = x_aligned && first_in + tile_in <= product.x_cols;
    PerThread<Sums, Block> sums;
    block.phase([&](int thread) { clear(sums[thread]); });
    for (std::int64_t row = product.rows.begin(piece); row < end; row += depth) {
      const int n = end - row < depth ? int(end - row) : depth;
      block.phase([&](int thread) {
        if (whole_dy && n == depth) bring_whole<tile_out>(thread, product.dy, row, first_out, dy_tile);
        else bring<tile_out>(thread, product.dy, row, n, first_out, product.dy_cols, dy_aligned, dy_tile);
        if (whole_x && n == depth) bring_whole<tile_in>(thread, product.x, row, first_in, x_tile);
        else bring<tile_in>(thread, product.x, row, n, first_in, product.x_cols, x_aligned, x_tile);
      });
      block.phase([&](int thread) { add_rows(thread, n, dy_tile, x_tile, sums[thread]); });
    }
    block.phase([&](int thread) { put(thread, sums[thread], piece, first_out, first_in); });
  }

 private:
  static HALOGRAPH_FN int out_of(int thread) { return thread / threads_in * Outs; }
  /// Neighbouring threads have neighbouring groups of columns: no two of them in one bank of shared memory.
  static HALOGRAPH_FN int in_of(int thread, int group) { return (group * threads_in + thread % threads_in) * in_width; }

  static HALOGRAPH_FN void clear(Sums& sums) {
    HALOGRAPH_UNROLL
    for (int o = 0; o < Outs; ++o) {
      HALOGRAPH_UNROLL
      for (int i = 0; i < Ins; ++i) sums.of[o][i] = T(0);
    }
  }

  static HALOGRAPH_FN bool is_aligned(const Rows<T>& from) {
    return from.stride % (16 / int(sizeof(T))) == 0 && is_quad_aligned(from.data);
  }
  /// Columns [first, first + Width) of `depth` rows, where all of these are there and aligned: no questions, so that a
  /// thread's loads are under way together.
  template <int Width>
  static HALOGRAPH_FN void bring_whole(int thread, const Rows<T>& from, std::int64_t row, std::int64_t first, T* tile) {
    constexpr int quads = Width / 4, each = (depth * quads + threads - 1) / threads;
    constexpr bool even = each * threads == depth * quads;
    const T* source = from[row] + first;
    Pack<T, 4> value[each];
    HALOGRAPH_UNROLL
    for (int i = 0; i < each; ++i) {
      const int quad = thread + i * threads;
      if (even || quad < depth * quads)
        value[i] = load_unchanging(source + quad / quads * from.stride + quad % quads * 4);
    }
    HALOGRAPH_UNROLL
    for (int i = 0; i < each; ++i) {
      const int quad = thread + i * threads;
      if (even || quad < depth * quads) store_aligned(tile + quad * 4, value[i]);
    }
  }
  /// The first n of these rows. What is beyond the last column goes into sums that nobody reads.
  template <int Width>
  static HALOGRAPH_FN void bring(int thread, const Rows<T>& from, std::int64_t row, int n, std::int64_t first,
                                 std::int64_t cols, bool aligned, T* tile) {
    constexpr int quads = Width / 4;
    const int present = cols - first < Width ? int(cols - first) : Width;
    for (int quad = thread; quad < n * quads; quad += threads) {
      const int r = quad / quads, c = quad % quads * 4;
      store_aligned(tile + quad * 4, load_quad(from[row + r] + first + c, present - c, aligned, T(0)));
    }
  }

  static HALOGRAPH_FN void add_rows(int thread, int n, const T* dy_tile, const T* x_tile, Sums& sums) {
    const T* dy_row = dy_tile + out_of(thread);
    const T* x_row = x_tile + in_of(thread, 0);
    for (int r = 0; r < n; ++r, dy_row += tile_out, x_row += tile_in) {
      T factor[Outs], value[Ins];
      HALOGRAPH_UNROLL
      for (int o = 0; o < Outs; o += out_width) unpack(factor + o, load_aligned<out_width>(dy_row + o));
      HALOGRAPH_UNROLL
      for (int i = 0; i < Ins; i += in_width) unpack(value + i, load_aligned<in_width>(x_row + i * threads_in));
      HALOGRAPH_UNROLL
      for (int o = 0; o < Outs; ++o) {
        HALOGRAPH_UNROLL
        for (int i = 0; i < Ins; ++i) sums.of[o][i] = fused(factor[o], value[i], sums.of[o][i]);
      }
    }
  }

  HALOGRAPH_FN void put(int thread, const Sums& sums, std::int64_t piece, std::int64_t first_out,
                        std::int64_t first_in) const {
    HALOGRAPH_UNROLL
    for (int o = 0; o < Outs; ++o) {
      const std::int64_t out = first_out + out_of(thread) + o;
      T* to = product.sums + piece * product.piece_stride + out * product.row_stride;
      HALOGRAPH_UNROLL
      for (int i = 0; i < Ins; ++i) {
        const std::int64_t in = first_in + in_of(thread, i / in_width) + i % in_width;
        if (out < product.dy_cols && in < product.x_cols) to[in] = sums.of[o][i];
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

/// What tiles of Outs by Ins elements a thread cost: the fused multiply-adds and loads of a row, over all blocks. A GPU
/// that is not full is no faster for having fewer of them.
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
