// SPDX-License-Identifier: BSD-3-Clause
// What the fused network and its gradient share: weights packed once a call, and a panel of rows taken through
// all layers while it stays in cache.
#pragma once

#include <kernels/activation.hpp>
#include <kernels/host/panel_norm.hpp>
#include <kernels/host/panel_product.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

// Scratch memory, apart from what patch_fold.hpp uses.
inline constexpr int weights_slot = 1, panels_slot = 4;

/// The shape of a network and its packed weights, in scratch memory of the calling thread.
template <class T>
struct PackedMlp {
  struct Layer {
    const T* weight = nullptr;
    const T* transposed = nullptr;  ///< for input gradients
    const T* bias = nullptr;
    int in = 0, out = 0;
  };
  Layer layer[MlpTask::max_layers];
  int n_layers = 0, in = 0, out = 0, widest = 0;
  const MlpTask& task;

  PackedMlp(const MlpTask& given, bool with_transposed) : n_layers(given.n_layers), task(given) {
    std::int64_t total = 0;
    for (int k = 0; k < n_layers; ++k) total += task.layer[k].weight.rows * task.layer[k].weight.cols;
    T* packed = static_cast<T*>(scratch((with_transposed ? 2 : 1) * total * std::int64_t(sizeof(T)), weights_slot));
    for (int k = 0; k < n_layers; ++k) {
      const Rows<T> w(task.layer[k].weight);
      Layer& l = layer[k];
      l.in = int(task.layer[k].weight.cols);
      l.out = int(task.layer[k].weight.rows);
      l.bias = static_cast<const T*>(task.layer[k].bias.data);
      widest = l.out > widest ? l.out : widest;
      pack_product(l.in, l.out, packed, [&](int to, int from) { return w[to][from]; });
      l.weight = packed;
      packed += l.in * l.out;
      if (!with_transposed) continue;
      pack_product(l.out, l.in, packed, [&](int to, int from) { return w[from][to]; });
      l.transposed = packed;
      packed += l.in * l.out;
    }
    in = layer[0].in;
    out = layer[n_layers - 1].out;
  }

  /// After layer k.
  Unary activation(int k) const { return k + 1 < n_layers || task.activate_last ? task.activation : Unary::identity; }
};

/// The panels that a network passes through; who calls decides which of them share memory.
template <class T>
struct MlpPanels {
  T* input = nullptr;
  T* value[MlpTask::max_layers] = {};  ///< of each layer, after its activation; the last one may be normalised
  /// Of each layer's activation where it does not follow from its value; null in a forward pass.
  T* slope[MlpTask::max_layers] = {};
  T* rstd = nullptr;   ///< [panel_rows], optional
  T* scale = nullptr;  ///< [panel_rows], for load_scale
};

/// Values in place of x; slopes too unless null, where they do not follow from the values.
template <class T>
void activate_panel(Unary f, T* x, T* slope, int rows, int cols) {
  constexpr int W = native_width<T>;
  const auto values = [=](auto function) {
    for_each_vector<T>(rows, cols,
                       [x](int at) { store(x + at, evaluate<decltype(function)::value>(load<W>(x + at))); });
  };
  // Value and slope share most of their arithmetic.
  const auto both = [=](auto function) {
    constexpr Unary F = decltype(function)::value;
    for_each_vector<T>(rows, cols, [x, slope](int at) {
      const Pack<T, W> argument = load<W>(x + at);
      store(x + at, evaluate<F>(argument));
      store(slope + at, evaluate<slope_of<F>>(argument));
    });
  };
  switch_activation_by_value(f, values);
  if (slope) switch_activation_by_argument(f, both);
  else switch_activation_by_argument(f, values);
}

/// Asks for part k of n of the rows [begin, begin + rows) of a contiguous matrix, as far as they exist. (A
/// prefetching function that is not inlined counts as one without effect, and g++ drops the call.)
template <class T>
HALOGRAPH_FN void prefetch_part(const In& matrix, std::int64_t begin, int rows, int k, int n) {
  constexpr int line = 64 / int(sizeof(T));
  const T* data = static_cast<const T*>(matrix.data);
  const std::int64_t after = begin + rows * (k + 1) / n, end = after < matrix.rows ? after : matrix.rows;
  for (std::int64_t at = (begin + rows * k / n) * matrix.stride; at < end * matrix.stride; at += line)
    __builtin_prefetch(data + at, 0, 3);
}

/// Adjacent rows of a matrix as a panel.
template <class T>
void load_panel(const In& matrix, std::int64_t begin, int rows, T* panel) {
  const Rows<T> x(matrix);
  to_panel(rows, int(matrix.cols), panel,
           [&](int row, int column, auto block) { return load<decltype(block)::width>(x[begin + row] + column); });
}

/// target[target_row] + source[source_row] as a panel.
template <class T>
void load_start(const GatheredStart& start, std::int64_t begin, int rows, T* panel) {
  const Rows<T> target(start.target), source(start.source), ghost(start.ghost);
  const std::int32_t* to = start.target_row + begin;
  const std::int32_t* from = start.source_row + begin;
  const std::int64_t own = start.source.rows;
  to_panel(rows, int(start.target.cols), panel, [&](int row, int column, auto block) {
    constexpr int C = decltype(block)::width;
    const T* s = from[row] < own ? source[from[row]] : ghost[from[row] - own];
    return load<C>(target[to[row]] + column) + load<C>(s + column);
  });
}

/// Rows [begin, begin + rows) through the first `n_layers` layers and, if these are all, the norm without its weight
/// and bias.
template <class T>
void run_layers(const PackedMlp<T>& net, std::int64_t begin, int rows, const MlpPanels<T>& panels, int n_layers) {
  const MlpTask& task = net.task;
  T* input = panels.input;
  for (int i = 0; i < task.n_inputs; ++i) {
    load_panel(task.input[i], begin, rows, input);
    input += task.input[i].cols * panel_rows<T>;
  }
  const T* start = nullptr;
  if (task.start.target_row && n_layers > 0) {
    load_start(task.start, begin, rows, panels.value[0]);
    start = panels.value[0];
  }
  const T* x = panels.input;
  for (int k = 0; k < n_layers; ++k) {
    const auto& layer = net.layer[k];
    T* y = panels.value[k];
    for (int i = 0; i < task.n_inputs; ++i) prefetch_part<T>(task.input[i], begin + rows, rows, k, n_layers);
    multiply_panel(x, rows, layer.in, layer.out, layer.weight, layer.bias, start, y);
    activate_panel(net.activation(k), y, panels.slope[k], rows, layer.out);
    start = nullptr;
    x = y;
  }
  if (task.norm && n_layers == net.n_layers)
    normalise_panel(panels.value[net.n_layers - 1], rows, net.out, T(task.epsilon), panels.rstd);
}

/// The factors of rows [begin, begin + rows) as a panel of one column.
template <class T>
const T* load_scale(const PackedMlp<T>& net, std::int64_t begin, int rows, const MlpPanels<T>& panels) {
  load_panel(net.task.scale, begin, rows, panels.scale);
  return panels.scale;
}

/// x[row, column] *= factor[row]
template <class T>
void multiply_rows(const T* factor, T* x, int rows, int cols) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  for (int c = 0; c < cols; ++c)
    for (int row = 0; row < rows; row += W)
      store(x + c * stride + row, load<W>(x + c * stride + row) * load<W>(factor + row));
}

/// Calls body(first, last) for each run of rows of equal `index` in [0, rows).
template <class Body>
void for_each_run(const std::int32_t* index, int rows, const Body& body) {
  for (int first = 0; first < rows;) {
    int last = first + 1;
    while (last < rows && index[last] == index[first]) ++last;
    body(first, last);
    first = last;
  }
}

/// sum[index[row]] += x[row] in row order, x contiguous.
template <class T>
void add_runs(const T* x, int cols, const std::int32_t* index, int rows, const MutableRows<T>& sum) {
  for_each_run(index, rows,
               [&](int first, int last) { add_rows(x + first * cols, cols, last - first, sum[index[first]]); });
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
