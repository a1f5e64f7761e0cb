// SPDX-License-Identifier: BSD-3-Clause
// Everything that sums over rows: per patch in row order, patches along the tree. Also the largest
// row, which is exact in any order.
#include <kernels/host/patch_fold.hpp>
#include <kernels/launch/launch.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct AddRow {
  Rows<T> x;
  T* sum;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(sum + at.column, load<W>(sum + at.column) + load<W>(x[row] + at.column));
  }
};

void sum_rows(In x, PatchTree tree, Out partials) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    fold_patches<T>(tree, x.cols, partials, [&](std::int64_t patch, T* sum) {
      const AddRow<T> add{Rows<T>(x), sum};
      for (std::int64_t row = tree.offset[patch]; row < tree.offset[patch + 1]; ++row)
        walk_columns<T, native_width<T>>(row, 0, x.cols, add);
    });
  });
}

template <class T>
struct AddNormProducts {
  Rows<T> x, statistics, dy;
  T* weight_sum;
  T* bias_sum;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const P g = load<W>(dy[row] + at.column);
    const P normalised = (load<W>(x[row] + at.column) - P(statistics[row][0])) * P(statistics[row][1]);
    store(weight_sum + at.column, fma(g, normalised, load<W>(weight_sum + at.column)));
    store(bias_sum + at.column, load<W>(bias_sum + at.column) + g);
  }
};

void layer_norm_weight_gradient(const LayerNormWeightGradientTask& task) {
  switch_type(task.x.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t cols = task.x.cols;
    fold_patches<T>(task.tree, 2 * cols, task.partials, [&](std::int64_t patch, T* sum) {
      const AddNormProducts<T> add{Rows<T>(task.x), Rows<T>(task.statistics), Rows<T>(task.dy), sum, sum + cols};
      for (std::int64_t row = task.tree.offset[patch]; row < task.tree.offset[patch + 1]; ++row)
        walk_columns<T, native_width<T>>(row, 0, cols, add);
    });
  });
}

/// R rows of the weight matrix times V vectors of its columns, over rows [begin, end) of x and dy.
template <class T, int W, int V, int R>
HALOGRAPH_FN void outer_tile(const Rows<T>& x, const Rows<T>& dy, std::int64_t begin, std::int64_t end,
                             std::int64_t out, std::int64_t in, T* sum, std::int64_t sum_stride) {
  using P = Pack<T, W>;
  P tile[R][V];
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) tile[r][v] = load<W>(sum + (out + r) * sum_stride + in + v * W);
  const T* left = dy[begin] + out;
  const T* right = x[begin] + in;
  for (std::int64_t row = begin; row < end; ++row, left += dy.stride, right += x.stride) {
    P value[V];
    for (int v = 0; v < V; ++v) value[v] = load<W>(right + v * W);
    for (int r = 0; r < R; ++r) {
      const P factor(left[r]);
      for (int v = 0; v < V; ++v) tile[r][v] = fma(factor, value[v], tile[r][v]);
    }
  }
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) store(sum + (out + r) * sum_stride + in + v * W, tile[r][v]);
}

template <class T, int W, int V>
std::int64_t outer_columns(const Rows<T>& x, const Rows<T>& dy, std::int64_t begin, std::int64_t end, std::int64_t outs,
                           std::int64_t in, std::int64_t ins, T* sum, std::int64_t sum_stride) {
  for (; in + V * W <= ins; in += V * W) {
    std::int64_t out = 0;
    for (; out + 8 <= outs; out += 8) outer_tile<T, W, V, 8>(x, dy, begin, end, out, in, sum, sum_stride);
    for (; out + 4 <= outs; out += 4) outer_tile<T, W, V, 4>(x, dy, begin, end, out, in, sum, sum_stride);
    for (; out < outs; ++out) outer_tile<T, W, V, 1>(x, dy, begin, end, out, in, sum, sum_stride);
  }
  return in;
}

template <class T>
void outer_product(const WeightGradientTask& task, std::int64_t begin, std::int64_t end, T* sum) {
  const Rows<T> x(task.x), dy(task.dy);
  constexpr int W = native_width<T>;
  const std::int64_t ins = task.x.cols, outs = task.dy.cols, stride = task.x.cols;
  std::int64_t in = 0;
  if constexpr (native_bytes == 64) in = outer_columns<T, W, 3>(x, dy, begin, end, outs, in, ins, sum, stride);
  if constexpr (native_bytes == 64) in = outer_columns<T, W, 2>(x, dy, begin, end, outs, in, ins, sum, stride);
  in = outer_columns<T, W, 1>(x, dy, begin, end, outs, in, ins, sum, stride);
  if constexpr (W > 8) in = outer_columns<T, 8, 1>(x, dy, begin, end, outs, in, ins, sum, stride);
  if constexpr (W > 4) in = outer_columns<T, 4, 1>(x, dy, begin, end, outs, in, ins, sum, stride);
  if constexpr (W > 2) in = outer_columns<T, 2, 1>(x, dy, begin, end, outs, in, ins, sum, stride);
  if constexpr (W > 1) in = outer_columns<T, 1, 1>(x, dy, begin, end, outs, in, ins, sum, stride);
}

template <class T>
void weight_gradient_as(const WeightGradientTask& task) {
  const std::int64_t ins = task.x.cols, outs = task.dy.cols, size = ins * outs;
  const bool whole = task.weight_cols == ins;
  // Rows in blocks that stay in cache while all tiles pass over them.
  const std::int64_t bytes_per_row = (ins + outs) * std::int64_t(sizeof(T));
  const std::int64_t block = 32768 / bytes_per_row > 16 ? 32768 / bytes_per_row : 16;
  const auto leaf = [&](std::int64_t patch, T* sum) {
    const std::int64_t last = task.tree.offset[patch + 1];
    for (std::int64_t begin = task.tree.offset[patch]; begin < last; begin += block)
      outer_product<T>(task, begin, begin + block < last ? begin + block : last, sum);
  };
  if (whole) return fold_patches<T>(task.tree, size, task.partials, leaf);
  // The input is one of several side by side: its columns go into their place in the weights.
  constexpr int place_slot = 1;
  const std::int64_t bytes = task.tree.n_subtrees * size * std::int64_t(sizeof(T));
  T* columns = static_cast<T*>(scratch(bytes, place_slot));
  fold_patches<T>(task.tree, size, Out{columns, task.x.type, task.tree.n_subtrees, size, size}, leaf);
  const MutableRows<T> partials(task.partials);
  for (std::int64_t s = 0; s < task.tree.n_subtrees; ++s)
    for (std::int64_t o = 0; o < outs; ++o)
      for (std::int64_t i = 0; i < ins; ++i)
        partials[s][o * task.weight_cols + task.first_col + i] = columns[(s * outs + o) * ins + i];
}

void weight_gradient(const WeightGradientTask& task) {
  switch_type(task.x.type, [&](auto t) { weight_gradient_as<decltype(t)>(task); });
}

void max_rows(In x, Out y) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    const Rows<T> in(x);
    T* out = static_cast<T*>(y.data);
    for (std::int64_t column = 0; column < x.cols; ++column) {
      T largest = T(-__builtin_inf());
      for (std::int64_t row = 0; row < x.rows; ++row)
        if (largest == largest && !(in[row][column] <= largest)) largest = in[row][column];  // NaN stays
      out[column] = largest;
    }
  });
}

}  // namespace

void register_row_sums(Table& table) {
  table.sum_rows = sum_rows;
  table.layer_norm_weight_gradient = layer_norm_weight_gradient;
  table.weight_gradient = weight_gradient;
  table.max_rows = max_rows;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
