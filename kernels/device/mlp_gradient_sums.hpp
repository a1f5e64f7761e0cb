// SPDX-License-Identifier: BSD-3-Clause
// Sums over rows that follow the tiles of mlp_gradient_tile.hpp: over the rows of patches for biases and norms, over
// those of each target and source for a gathered start. And the way of folded sums to where the task wants them.
#pragma once

#include <kernels/device/column_chains.hpp>
#include <kernels/device/mlp_gradient_tile.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Where the gradients of the parameters stand in a patch's sum, each from a multiple of four on: weights [out, in],
/// then biases and the norm's bias, side by side as GradientScratch has gradients, then the norm's weight.
struct ParameterLayout {
  std::int64_t weight[MlpTask::max_layers] = {}, bias[MlpTask::max_layers] = {};
  std::int64_t norm_weight = 0, norm_bias = 0, size = 0;

  template <class T>
  explicit ParameterLayout(const Network<T>& net) {
    const auto take = [this](std::int64_t n) {
      const std::int64_t at = size;
      size += (n + 3) / 4 * 4;
      return at;
    };
    for (int k = 0; k < net.n_layers; ++k) weight[k] = take(std::int64_t(net.layer[k].in) * net.layer[k].out);
    for (int k = 0; k < net.n_layers; ++k) bias[k] = take(net.layer[k].out);
    norm_bias = take(net.out);
    norm_weight = take(net.out);
  }
};

/// Columns of gradients: sums[piece * stride + column].
template <class T>
struct SumChain {
  static constexpr int staged = 1;
  using State = T;
  Rows<T> x;
  T* sums;
  std::int64_t stride;
  HALOGRAPH_FN void start(State& sum, std::int64_t, std::int64_t) const { sum = T(0); }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int) const { *tile = x[row][column]; }
  HALOGRAPH_FN void add(std::int64_t, const T* tile, int, State& sum) const { sum = rounded_add(sum, *tile); }
  HALOGRAPH_FN void finish(State& sum, std::int64_t piece, std::int64_t column) const {
    sums[piece * stride + column] = sum;
  }
};

/// Columns of products of gradients and values.
template <class T>
struct ProductChain {
  static constexpr int staged = 2;
  using State = T;
  Rows<T> gradient, value;
  T* sums;
  std::int64_t stride;
  HALOGRAPH_FN void start(State& sum, std::int64_t, std::int64_t) const { sum = T(0); }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int plane) const {
    tile[0] = gradient[row][column];
    tile[plane] = value[row][column];
  }
  HALOGRAPH_FN void add(std::int64_t, const T* tile, int plane, State& sum) const {
    sum = fused(tile[0], tile[plane], sum);
  }
  HALOGRAPH_FN void finish(State& sum, std::int64_t piece, std::int64_t column) const {
    sums[piece * stride + column] = sum;
  }
};

/// to[first + n] += rows of dz of segment n, in the order of `order` (null: their own), from the value that is there.
template <class T>
struct AddSegments {
  const T* dz;  ///< of row 0, whether or not it is there
  std::int64_t stride;
  const std::int32_t* offset;
  const std::int32_t* order;
  MutableRows<T> to;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t segment, Lane<W> at) const {
    const std::int32_t begin = offset[segment], end = offset[segment + 1];
    if (begin == end) return;
    T* const place = to[segment] + at.column;
    Pack<T, W> sum = load<W>(place);
    for (std::int32_t i = begin; i < end; ++i) {
      const std::int64_t row = order ? order[i] : i;
      sum = sum + load<W>(dz + row * stride + at.column);
    }
    store(place, sum);
  }
};

/// The gradients of a gathered start from the rows of patches [first, end).
template <class T>
void add_to_start(const MlpGradientTask& task, const GradientScratch<T>& scratch, std::int64_t first,
                  std::int64_t end) {
  if (scratch.rows == 0) return;
  const auto add = [&](const Out& to, const std::int64_t* patch, const std::int32_t* offset,
                       const std::int32_t* order) {
    const std::int64_t stride = scratch.gradient_stride, begin = patch[first];
    const T* const dz = scratch.dz[0] - scratch.begin * stride;
    MutableRows<T> rows(to);
    rows.data = rows[begin];
    for_each_row<T>(patch[end] - begin, to.cols, AddSegments<T>{dz, stride, offset + begin, order, rows});
  };
  if (task.dtarget.data) add(task.dtarget, task.node_patch, task.target_offset, nullptr);
  if (!task.dsource.data) return;
  add(task.dsource, task.node_patch, task.source_offset, task.source_edge);
  if (task.dghost.rows == 0) return;
  add(task.dghost, task.ghost_patch, task.source_offset + task.mlp.start.source.rows, task.source_edge);
}

/// Folded sums, [subtrees, size], each part to its own matrix.
template <class T>
struct HandOut {
  static constexpr int capacity = 2 * MlpTask::max_layers + 2;
  const T* sums;
  std::int64_t size;
  int count;
  std::int64_t first[capacity], cols[capacity], stride[capacity];
  T* to[capacity];

  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    // Parts begin at multiples of four, so a lane is in one of them.
    int part = 0;
    while (part + 1 < count && first[part + 1] <= at.column) ++part;
    const std::int64_t column = at.column - first[part];
    if (column < 0) return;  // nobody asked for what stands before the first part
    for (int i = 0; i < W; ++i)
      if (column + i < cols[part]) to[part][row * stride[part] + column + i] = sums[row * size + at.column + i];
  }
};

template <class T>
void hand_out(const MlpGradientTask& task, const ParameterLayout& layout, const T* sums) {
  HandOut<T> out{};
  out.sums = sums;
  out.size = layout.size;
  const auto append = [&](std::int64_t first, const Out& to) {
    if (!to.data) return;
    out.first[out.count] = first;
    out.cols[out.count] = to.cols;
    out.stride[out.count] = to.stride;
    out.to[out.count++] = static_cast<T*>(to.data);
  };
  for (int k = 0; k < task.mlp.n_layers; ++k) append(layout.weight[k], task.dweight[k]);
  for (int k = 0; k < task.mlp.n_layers; ++k)
    if (task.mlp.layer[k].bias.data) append(layout.bias[k], task.dbias[k]);
  if (task.mlp.norm_weight.data) {
    append(layout.norm_bias, task.dnorm_bias);
    append(layout.norm_weight, task.dnorm_weight);
  }
  if (out.count > 0) for_each_row<T>(task.tree.n_subtrees, layout.size, out);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
