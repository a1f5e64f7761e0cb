// SPDX-License-Identifier: BSD-3-Clause
// Products of tiles in a block of threads. The operands stand in shared memory column by column of the sum, x[k][row]
// and w[k][col], and each thread has R x C results in registers. Every result is one chain of fused multiply-adds in
// ascending k: tiles decide which results are computed together, never how one is computed.
//
// Depths are filled up to multiples of four, x with 0 and w with -0: their product -0 changes no sum, not even -0.
#pragma once

#include <kernels/device/quads.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Columns of the sum that stand in shared memory at a time: 64 bytes of a row.
template <class T>
inline constexpr int tile_depth = 64 / int(sizeof(T));

/// A tile of WarpsDown x WarpsAcross parts of 32 rows and LanesAcross * C columns each, one part for 32 threads.
template <class T, int LanesAcross, int C_, int WarpsDown, int WarpsAcross>
struct Tile {
  static constexpr int R = LanesAcross, C = C_;  ///< rows and columns of a thread
  static constexpr int threads = 32 * WarpsDown * WarpsAcross;
  static constexpr int rows = 32 * WarpsDown, cols = LanesAcross * C * WarpsAcross;
  /// The gap keeps apart what 32 threads store at a time when they turn a matrix on its side.
  static constexpr int x_stride = rows + 4, w_stride = cols + 4;

  struct Sums {
    T at[R][C];
  };

  // Lanes next to each other share columns, so that 16 lanes read at most 128 bytes at a time.
  static constexpr int row_group = R < 4 ? R : 4, row_step = row_group * (32 / LanesAcross), col_step = 4 * LanesAcross;
  static HALOGRAPH_FN int row(int thread, int r) {
    const int lane = thread & 31, down = int(unsigned(lane) / (2 * LanesAcross)) * 2 + (lane & 1);
    return 32 * int(unsigned(thread) / (32 * WarpsAcross)) + down * row_group + (r / row_group) * row_step +
           r % row_group;
  }
  static HALOGRAPH_FN int col(int thread, int c) {
    const int across = (thread >> 1) & (LanesAcross - 1);
    return LanesAcross * C * int(unsigned(thread) / 32 % WarpsAcross) + across * 4 + (c / 4) * col_step + c % 4;
  }

  /// sums[row, col] += x[k, row] w[k, col] for k in [0, depth), an even number. Both operands and their strides are
  /// multiples of 16 bytes.
  static HALOGRAPH_FN void multiply(Sums& sums, int thread, const T* x, int stride_of_x, const T* w, int stride_of_w,
                                    int depth) {
    const T* a = x + row(thread, 0);
    const T* b = w + col(thread, 0);
    HALOGRAPH_KEEP_LOOP
    for (int k = 0; k < depth; k += 2, a += 2 * stride_of_x, b += 2 * stride_of_w) {
      HALOGRAPH_UNROLL
      for (int j = 0; j < 2; ++j) {
        T left[R], right[C];
        HALOGRAPH_UNROLL
        for (int r = 0; r < R; r += row_group)
          unpack(left + r, load_aligned<row_group>(a + j * stride_of_x + r / row_group * row_step));
        HALOGRAPH_UNROLL
        for (int c = 0; c < C; c += 4) unpack(right + c, load_aligned<4>(b + j * stride_of_w + c / 4 * col_step));
        HALOGRAPH_UNROLL
        for (int r = 0; r < R; ++r) {
          HALOGRAPH_UNROLL
          for (int c = 0; c < C; ++c) sums.at[r][c] = fused(left[r], right[c], sums.at[r][c]);
        }
      }
    }
  }
};

/// What a thread carries from a matrix to a staged operand tile[k * stride + line] of `Lines` rows of x, or columns of
/// w, and tile_depth columns of the sum. Loads can be on their way while the threads multiply.
template <class T, int Lines, int Threads>
struct Carried {
  static constexpr int depth = tile_depth<T>, per_thread = (Lines * depth / 4 + Threads - 1) / Threads;
  Pack<T, 4> quad[per_thread];

  /// From a [lines, depth] matrix. What lies outside is `filler`.
  HALOGRAPH_FN void load_rows(int thread, const T* from, std::int64_t stride, int lines, int columns, bool aligned,
                              T filler) {
    const int line = row_line(unsigned(thread)), k = row_k(unsigned(thread));
    from += line * stride + k;
    HALOGRAPH_UNROLL
    for (int i = 0; i < per_thread; ++i, from += row_lines * stride)
      quad[i] = load_quad(from, line + i * row_lines < lines ? columns - k : 0, aligned, filler);
  }
  /// round(number) goes into the tile.
  template <class S, class Round>
  HALOGRAPH_FN void store_rows(int thread, S* tile, int stride, const Round& round) const {
    const int line = row_line(unsigned(thread));
    if (row_lines > Lines && line >= Lines) return;
    tile += row_k(unsigned(thread)) * stride + line;
    HALOGRAPH_UNROLL
    for (int i = 0; i < per_thread; ++i, tile += row_lines) {
      T lane[4];
      unpack(lane, quad[i]);
      HALOGRAPH_UNROLL
      for (int k = 0; k < 4; ++k) tile[k * stride] = round(lane[k]);
    }
  }
  /// From a [depth, lines] matrix.
  HALOGRAPH_FN void load_columns(int thread, const T* from, std::int64_t stride, int lines, int columns, bool aligned,
                                 T filler) {
    const int line = column_line(unsigned(thread)), k = column_k(unsigned(thread));
    from += k * stride + line;
    HALOGRAPH_UNROLL
    for (int i = 0; i < per_thread; ++i, from += column_depth * stride)
      quad[i] = load_quad(from, k + i * column_depth < columns ? lines - line : 0, aligned, filler);
  }
  template <class S, class Round>
  HALOGRAPH_FN void store_columns(int thread, S* tile, int stride, const Round& round) const {
    const int line = column_line(unsigned(thread)), k = column_k(unsigned(thread));
    if (column_depth > depth && k >= depth) return;
    tile += k * stride + line;
    HALOGRAPH_UNROLL
    for (int i = 0; i < per_thread; ++i, tile += column_depth * stride) {
      T lane[4];
      unpack(lane, quad[i]);
      S rounded[4];
      HALOGRAPH_UNROLL
      for (int j = 0; j < 4; ++j) rounded[j] = round(lane[j]);
      if constexpr (sizeof(S) == sizeof(T)) {
        store_aligned(tile, pack_up<4>(rounded));
      } else {
        HALOGRAPH_UNROLL
        for (int j = 0; j < 4; ++j) tile[j] = rounded[j];
      }
    }
  }

 private:
  /// 32 threads take 16 lines and two quads of each; all threads together so many lines of all quads, or so many
  /// columns.
  static constexpr int row_lines = Threads / (depth / 4), column_depth = Threads / (Lines / 4);
  static HALOGRAPH_FN int row_line(unsigned thread) { return int(thread / (4 * depth) * 16 + thread % 16); }
  static HALOGRAPH_FN int row_k(unsigned thread) { return int(thread / 16 % (depth / 4) * 4); }
  static HALOGRAPH_FN int column_line(unsigned thread) { return int(thread % (Lines / 4) * 4); }
  static HALOGRAPH_FN int column_k(unsigned thread) { return int(thread / (Lines / 4)); }
  static_assert(Threads % (4 * depth) == 0 && (Lines % row_lines == 0 || row_lines > Lines));
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
