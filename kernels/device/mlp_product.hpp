// SPDX-License-Identifier: BSD-3-Clause
// The product of a tile in shared memory with the weights of a layer. Each thread keeps a few rows x 4 or 8 columns of
// the result in registers; weights come through shared memory a few of their rows at a time, the next ones on their way
// while these are used. Every element is one chain of fused multiply-adds over ascending columns of x, as in
// LinearTask.
#pragma once

#include <kernels/device/tile.hpp>
#include <kernels/launch/unroll.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Weights as a product reads them: [depth, cols], both filled up to multiples of four. Beyond the depth they are -0:
/// their products with the zeros beyond a tile's columns are -0, and adding that changes nothing, not even a zero's
/// sign.
template <class T>
struct PackedWeights {
  const T* data = nullptr;
  int depth = 0, cols = 0;
};

/// Numbers of one of the two stages that weights pass through.
inline constexpr int stage_size = 4 * tile_threads;

/// How Rows x Columns elements of a result are laid onto the threads.
template <class T, int Rows, int Columns>
struct ProductShape {
  static constexpr int unit = Unit<T>::size;
  static constexpr int wide = Rows * Columns >= 32 * tile_threads ? 8 : 4;  ///< columns of a thread
  static constexpr int across = Columns / wide, down = tile_threads / across;
  static constexpr int rows = Rows > down ? Rows / down : 1, units = wide / unit;
  static constexpr int depth = stage_size / Columns;

  Unit<T> sum[rows][units];

  static HALOGRAPH_FN int row(int thread, int i) { return thread / across + i * down; }
  static HALOGRAPH_FN int column(int thread, int u) { return (thread % across + u * across) * unit; }
  /// Where there are fewer rows than threads down the tile.
  static HALOGRAPH_FN bool idle(int thread) { return down > Rows && thread / across >= Rows; }

  /// What the sums start with. All loads are under way before the first is used.
  template <class Start>
  HALOGRAPH_FN void begin(int thread, const Start& start, int first, int cols) {
    using Row = decltype(start.row(0));
    Row of[rows];
    for (int i = 0; i < rows; ++i) of[i] = start.row(row(thread, i));
    const auto at = [&](int u) { return first + column(thread, u); };
    for (int i = 0; i < rows; ++i)
      for (int u = 0; u < units; ++u) sum[i][u] = of[i].first(at(u), cols - at(u));
    if (!start.gathers()) return;
    Unit<T> second[rows][units];
    for (int i = 0; i < rows; ++i)
      for (int u = 0; u < units; ++u) second[i][u] = of[i].second(at(u), cols - at(u));
    for (int i = 0; i < rows; ++i)
      for (int u = 0; u < units; ++u)
        for (int c = 0; c < unit; ++c) sum[i][u].at[c] = rounded_add(sum[i][u].at[c], second[i][u].at[c]);
  }

  /// Adds products with `steps` columns of x, a multiple of four.
  HALOGRAPH_FN void add(int thread, const T* x, int x_stride, const T* stage, int steps) {
    x += row(thread, 0) * x_stride;
    stage += column(thread, 0);
    for (int k = 0; k < steps; k += unit) {
      Unit<T> value[rows];
      for (int i = 0; i < rows; ++i) value[i] = unit_at(x + i * down * x_stride + k);
      for (int j = 0; j < unit; ++j) {
        Unit<T> weight[units];
        for (int u = 0; u < units; ++u) weight[u] = unit_at(stage + (k + j) * Columns + u * across * unit);
        for (int i = 0; i < rows; ++i)
          for (int u = 0; u < units; ++u)
            for (int c = 0; c < unit; ++c) sum[i][u].at[c] = fused(value[i].at[j], weight[u].at[c], sum[i][u].at[c]);
      }
    }
  }

  /// Into columns `first` on of a tile; zeros beyond `cols`.
  HALOGRAPH_FN void put(int thread, int first, int cols, T* y, int y_stride) const {
    for (int i = 0; i < rows; ++i)
      for (int u = 0; u < units; ++u) {
        const int at = first + column(thread, u);
        if (at >= padded(cols)) continue;
        Unit<T> value = sum[i][u];
        for (int c = 0; c < unit; ++c) value.at[c] = at + c < cols ? value.at[c] : T(0);
        unit_at(y + row(thread, i) * y_stride + at) = value;
      }
  }
};

/// Four weights of the rows from `depth` on and the columns from `first` on that this thread brings to a stage.
template <class T, int Columns>
struct StagedWeights {
  static constexpr int quads = Columns / 4;
  Unit<T> part[4 / Unit<T>::size];

  HALOGRAPH_FN void fetch(int thread, const PackedWeights<T>& weights, int depth, int first) {
    const int row = depth + thread / quads, column = first + thread % quads * 4;
    if (row >= padded(weights.depth) || column >= padded(weights.cols)) return;
    const T* from = weights.data + std::int64_t(row) * padded(weights.cols) + column;
    for (int i = 0; i < 4 / Unit<T>::size; ++i) part[i] = unit_at(from + i * Unit<T>::size);
  }
  HALOGRAPH_FN void put(int thread, T* stage) const {
    for (int i = 0; i < 4 / Unit<T>::size; ++i) unit_at(stage + thread * 4 + i * Unit<T>::size) = part[i];
  }
};

template <class T, int Rows, int Columns, class Block, class Start>
HALOGRAPH_FN void multiply_columns(Block& block, const T* x, int x_stride, const PackedWeights<T>& weights, T* stage,
                                   const Start& start, T* y, int y_stride) {
  using Shape = ProductShape<T, Rows, Columns>;
  const int depth = padded(weights.depth);
  for (int first = 0; first < weights.cols; first += Columns) {
    PerThread<Shape, Block> sums;
    block.phase([&](int known) {
      const int thread = forgotten(known);
      Shape& mine = sums[thread];
      StagedWeights<T, Columns> staged;
      if (depth > 0) staged.fetch(thread, weights, 0, first);
      mine.begin(thread, start, first, weights.cols);
      if (depth > 0) {
        staged.put(thread, stage);
      } else if (!Shape::idle(thread)) {
        mine.put(thread, first, weights.cols, y, y_stride);
      }
    });
    for (int k = 0, turn = 0; k < depth; k += Shape::depth, turn ^= 1) {
      block.phase([&](int known) {
        const int thread = forgotten(known);
        Shape& mine = sums[thread];
        StagedWeights<T, Columns> next;
        const bool more = k + Shape::depth < depth;
        if (more) next.fetch(thread, weights, k + Shape::depth, first);
        if (!Shape::idle(thread)) {
          mine.add(thread, x + k, x_stride, stage + turn * stage_size, more ? Shape::depth : depth - k);
          if (!more) mine.put(thread, first, weights.cols, y, y_stride);
        }
        if (more) next.put(thread, stage + (turn ^ 1) * stage_size);
      });
    }
  }
}

/// Tile y = start + x W. start.row(row).first(column, n) gives the first n numbers of a unit, none if n < 1, and
/// .second() what is added to them if start.gathers(); rows may be any, also beyond the tile's last. Columns of y up to
/// the next multiple of four become zeros.
template <class T, int Rows, class Block, class Start>
HALOGRAPH_FN void multiply_tile(Block& block, const T* x, int x_stride, const PackedWeights<T>& weights, T* stage,
                                const Start& start, T* y, int y_stride) {
  // What threads hold in registers has to leave room for two blocks.
  constexpr bool widest = Rows * 128 * int(sizeof(T)) <= 32 * 1024;
  if (widest && weights.cols > 64)
    multiply_columns<T, Rows, widest ? 128 : 64>(block, x, x_stride, weights, stage, start, y, y_stride);
  else if (weights.cols > 32) multiply_columns<T, Rows, 64>(block, x, x_stride, weights, stage, start, y, y_stride);
  else if (weights.cols > 16) multiply_columns<T, Rows, 32>(block, x, x_stride, weights, stage, start, y, y_stride);
  else multiply_columns<T, Rows, 16>(block, x, x_stride, weights, stage, start, y, y_stride);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
