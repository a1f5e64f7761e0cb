// SPDX-License-Identifier: BSD-3-Clause
// A network as launches see it: typed pointers, and its weights packed for products, in scratch memory of the call.
#pragma once

#include <algorithm>

#include <kernels/activation.hpp>
#include <kernels/device/mlp_product.hpp>
#include <kernels/device/this_device.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// target[target_row] + source[source_row], or a bias, or zeros.
template <class T>
struct LayerStart {
  const T* target = nullptr;
  const T* source = nullptr;
  const T* ghost = nullptr;
  std::int64_t target_stride = 0, source_stride = 0, ghost_stride = 0, own = 0;
  const std::int32_t* target_row = nullptr;
  const std::int32_t* source_row = nullptr;
  const T* bias = nullptr;
  std::int64_t begin = 0;  ///< row of the tile's first
  std::int64_t rows = 0;   ///< of the tile; those beyond repeat the last

  struct Row {
    const T* left;
    const T* right;
    HALOGRAPH_FN Unit<T> first(int column, int n) const { return load_unit(left + column, left ? n : 0); }
    HALOGRAPH_FN Unit<T> second(int column, int n) const { return load_unit(right + column, n); }
  };
  /// Whether rows have two summands.
  HALOGRAPH_FN bool gathers() const { return target_row; }

  HALOGRAPH_FN Row row(int r) const {
    if (!target_row) return {bias, nullptr};
    const std::int64_t at = begin + (r < rows ? r : rows - 1), to = target_row[at], from = source_row[at];
    return {target + to * target_stride,
            from < own ? source + from * source_stride : ghost + (from - own) * ghost_stride};
  }
};

template <class T>
struct Network {
  struct Layer {
    const T* bias = nullptr;
    const T* forward = nullptr;   ///< PackedWeights, [in, out]
    const T* backward = nullptr;  ///< [out, in], for input gradients
    int in = 0, out = 0;
  };
  struct Input {
    const T* data = nullptr;
    std::int64_t stride = 0, cols = 0;
  };

  Layer layer[MlpTask::max_layers];
  Input input[MlpTask::max_inputs];
  int n_layers = 0, n_inputs = 0, in = 0, out = 0, residual = -1;
  Unary hidden = Unary::identity, last = Unary::identity;  ///< activations
  LayerStart<T> start;                                     ///< of the first layer if it is gathered
  bool norm = false;
  T epsilon = 0;
  const T* norm_weight = nullptr;
  const T* norm_bias = nullptr;
  const T* scale = nullptr;
  std::int64_t scale_stride = 0;

  explicit Network(const MlpTask& task)
      : n_layers(task.n_layers),
        n_inputs(task.n_inputs),
        residual(task.residual),
        hidden(task.activation),
        last(task.activate_last ? task.activation : Unary::identity),
        norm(task.norm),
        epsilon(T(task.epsilon)),
        norm_weight(numbers(task.norm_weight)),
        norm_bias(numbers(task.norm_bias)),
        scale(numbers(task.scale)),
        scale_stride(task.scale.stride) {
    for (int i = 0; i < n_inputs; ++i) input[i] = {numbers(task.input[i]), task.input[i].stride, task.input[i].cols};
    for (int k = 0; k < n_layers; ++k) {
      layer[k].bias = numbers(task.layer[k].bias);
      layer[k].in = int(task.layer[k].weight.cols);
      layer[k].out = int(task.layer[k].weight.rows);
    }
    in = layer[0].in;
    out = layer[n_layers - 1].out;
    const GatheredStart& given = task.start;
    if (!given.target_row) return;
    start = {numbers(given.target),
             numbers(given.source),
             numbers(given.ghost),
             given.target.stride,
             given.source.stride,
             given.ghost.stride,
             given.source.rows,
             given.target_row,
             given.source_row,
             nullptr,
             0,
             0};
  }

  /// After layer k.
  HALOGRAPH_FN Unary activation(int k) const { return k + 1 < n_layers ? hidden : last; }

  /// Of layer k on a tile.
  HALOGRAPH_FN LayerStart<T> start_of(int k, std::int64_t begin, int rows) const {
    LayerStart<T> of;
    if (k == 0 && start.target_row) of = start;
    of.bias = layer[k].bias;
    of.begin = begin;
    of.rows = rows;
    return of;
  }

  /// Columns that the two tiles of a block need which layers read and write in turn.
  int even_cols() const {
    int cols = in;
    for (int k = 1; k < n_layers; k += 2) cols = std::max(cols, layer[k].out);
    return cols;
  }
  int odd_cols() const {
    int cols = 0;
    for (int k = 0; k < n_layers; k += 2) cols = std::max(cols, layer[k].out);
    return cols;
  }

 private:
  static const T* numbers(const In& view) { return static_cast<const T*>(view.data); }
};

/// All weights of a network, one thread a number: [in, out], then [out, in] if they are wanted.
template <class T>
struct PackWeights {
  struct Matrix {
    const T* from = nullptr;
    T* to = nullptr;
    std::int64_t row_stride = 0, col_stride = 0;  ///< of the source
    std::int64_t end = 0;                         ///< where the numbers of this one end among all
    int depth = 0, cols = 0;
  };
  Matrix matrix[2 * MlpTask::max_layers];
  std::int64_t count = 0;

  void append(const T* from, std::int64_t row_stride, std::int64_t col_stride, int depth, int cols, T* to) {
    matrix[count] = {from,  to,  row_stride, col_stride, size() + std::int64_t(padded(depth)) * padded(cols),
                     depth, cols};
    ++count;
  }
  std::int64_t size() const { return count > 0 ? matrix[count - 1].end : 0; }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t at = block.index() * tile_threads + thread;
      std::int64_t m = 0;
      while (m < count && at >= matrix[m].end) ++m;
      if (m == count) return;
      const Matrix& to = matrix[m];
      const int within = int(at - (m > 0 ? matrix[m - 1].end : 0)), cols = padded(to.cols);
      const int k = within / cols, c = within - k * cols;
      const bool inside = k < to.depth && c < to.cols;
      to.to[within] = inside ? to.from[k * to.row_stride + c * to.col_stride] : T(-0.0);
    });
  }
};

/// A network with its weights, for the time that launches which use it are enqueued.
template <class T>
class PackedNetwork {
 public:
  PackedNetwork(const MlpTask& task, bool with_backward)
      : network_(task), memory_(bytes(task, with_backward), this_device()) {
    PackWeights<T> pack;
    T* to = static_cast<T*>(memory_.data());
    for (int k = 0; k < network_.n_layers; ++k) {
      auto& layer = network_.layer[k];
      const In& weight = task.layer[k].weight;
      const T* from = static_cast<const T*>(weight.data);
      layer.forward = to + pack.size();
      pack.append(from, 1, weight.stride, layer.in, layer.out, to + pack.size());
      if (!with_backward) continue;
      layer.backward = to + pack.size();
      pack.append(from, weight.stride, 1, layer.out, layer.in, to + pack.size());
    }
    for_each_block<tile_threads>((pack.size() + tile_threads - 1) / tile_threads, 0, pack);
  }

  const Network<T>& operator*() const { return network_; }
  const Network<T>* operator->() const { return &network_; }

 private:
  static std::int64_t bytes(const MlpTask& task, bool with_backward) {
    std::int64_t size = 0;
    for (int k = 0; k < task.n_layers; ++k)
      size += std::int64_t(padded(int(task.layer[k].weight.rows))) * padded(int(task.layer[k].weight.cols));
    return (with_backward ? 2 : 1) * size * std::int64_t(sizeof(T));
  }

  Network<T> network_;
  Buffer memory_;
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
