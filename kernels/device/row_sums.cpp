// SPDX-License-Identifier: BSD-3-Clause
// Everything that sums over rows, on a device: per patch in row order, patches along the tree. Also the largest row:
// that of short runs of rows, then that of these in turn, until one is left.
#include <kernels/device/column_chains.hpp>
#include <kernels/device/outer.hpp>
#include <kernels/device/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct SumChain {
  static constexpr int staged = 1;
  using State = T;
  Rows<T> x;
  MutableRows<T> sums;
  HALOGRAPH_FN void start(State& sum, std::int64_t, std::int64_t) const { sum = T(0); }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int) const { *tile = x[row][column]; }
  HALOGRAPH_FN void add(std::int64_t, const T* tile, int, State& sum) const { sum = rounded_add(sum, *tile); }
  HALOGRAPH_FN void finish(State& sum, std::int64_t piece, std::int64_t column) const { sums[piece][column] = sum; }
};

void sum_rows(In x, PatchTree tree, Out partials) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    fold_patches_on_device<T>(tree, x.cols, partials, [&](std::int64_t first, std::int64_t count, T* sums) {
      const MutableRows<T> of_patches(Out{sums, x.type, count, x.cols, x.cols});
      launch_chains<T>(SumChain<T>{Rows<T>(x), of_patches}, RowPieces::patches(tree, first, x.rows), count, x.cols);
    });
  });
}

template <class T>
struct NormChain {
  static constexpr int staged = 2;
  struct State {
    T weight, bias;
  };
  Rows<T> x, statistics, dy;
  MutableRows<T> sums;
  std::int64_t cols;
  HALOGRAPH_FN void start(State& sum, std::int64_t, std::int64_t) const { sum.weight = sum.bias = T(0); }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int plane) const {
    const T* of_row = statistics[row];
    tile[0] = dy[row][column];
    tile[plane] = rounded_multiply(rounded_add(x[row][column], -of_row[0]), of_row[1]);
  }
  HALOGRAPH_FN void add(std::int64_t, const T* tile, int plane, State& sum) const {
    sum.weight = fused(tile[0], tile[plane], sum.weight);
    sum.bias = rounded_add(sum.bias, tile[0]);
  }
  HALOGRAPH_FN void finish(State& sum, std::int64_t piece, std::int64_t column) const {
    sums[piece][column] = sum.weight;
    sums[piece][cols + column] = sum.bias;
  }
};

void layer_norm_weight_gradient(const LayerNormWeightGradientTask& task) {
  switch_type(task.x.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t cols = task.x.cols, size = 2 * cols;
    fold_patches_on_device<T>(task.tree, size, task.partials, [&](std::int64_t first, std::int64_t count, T* sums) {
      const MutableRows<T> of_patches(Out{sums, task.x.type, count, size, size});
      launch_chains<T>(NormChain<T>{Rows<T>(task.x), Rows<T>(task.statistics), Rows<T>(task.dy), of_patches, cols},
                       RowPieces::patches(task.tree, first, task.x.rows), count, cols);
    });
  });
}

template <class T>
void weight_gradient_as(const WeightGradientTask& task) {
  const std::int64_t ins = task.x.cols, outs = task.dy.cols, size = ins * outs;
  fold_patches_on_device<T>(
      task.tree, size, task.partials,
      [&](std::int64_t first, std::int64_t count, T* sums) {
        const RowPieces rows = RowPieces::patches(task.tree, first, task.x.rows);
        launch_outer(OuterProduct<T>{Rows<T>(task.x), Rows<T>(task.dy), ins, outs, rows, count, sums, size, ins});
      },
      SumPlace{ins, task.weight_cols, task.first_col});
}

void weight_gradient(const WeightGradientTask& task) {
  switch_type(task.x.type, [&](auto t) { weight_gradient_as<decltype(t)>(task); });
}

/// Of equals the first, of NaNs too: the order of runs is that of rows.
template <class T>
struct MaxChain {
  static constexpr int staged = 1;
  using State = T;
  Rows<T> x;
  MutableRows<T> largest;
  HALOGRAPH_FN void start(State& best, std::int64_t, std::int64_t) const { best = T(-__builtin_inf()); }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int) const { *tile = x[row][column]; }
  HALOGRAPH_FN void add(std::int64_t, const T* tile, int, State& best) const {
    if (best == best && !(*tile <= best)) best = *tile;
  }
  HALOGRAPH_FN void finish(State& best, std::int64_t piece, std::int64_t column) const {
    largest[piece][column] = best;
  }
};

template <class T>
void max_rows_as(const In& x, const Out& y) {
  constexpr std::int64_t run = 256;
  const std::int64_t runs = x.rows > run ? (x.rows + run - 1) / run : 1;
  const auto launch = [&](const Out& largest) {
    launch_chains<T>(MaxChain<T>{Rows<T>(x), MutableRows<T>(largest)}, RowPieces::equal(run, x.rows), runs, x.cols);
  };
  if (runs == 1 || x.cols == 0) return launch(y);
  const Buffer shorter(runs * x.cols * std::int64_t(sizeof(T)), this_device());
  const Out largest{shorter.data(), x.type, runs, x.cols, x.cols};
  launch(largest);
  max_rows_as<T>(largest, y);
}

void max_rows(In x, Out y) {
  switch_type(x.type, [&](auto t) { max_rows_as<decltype(t)>(x, y); });
}

}  // namespace

void register_row_sums(Table& table) {
  table.sum_rows = sum_rows;
  table.layer_norm_weight_gradient = layer_norm_weight_gradient;
  table.weight_gradient = weight_gradient;
  table.max_rows = max_rows;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
