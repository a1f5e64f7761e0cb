// SPDX-License-Identifier: BSD-3-Clause
// Gradients of a tile of rows: it runs through the network again and its gradients flow back, from one tile of shared
// memory to the other. What sums over rows need goes to scratch memory: the values of layers, and the gradients before
// their activations. So does what a tile needs again on its way back.
#pragma once

#include <kernels/device/mlp_tile.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Scratch memory for some rows, from row `begin` on: a matrix for each purpose, null where nobody needs it. Rows are
/// filled up to a multiple of four columns; gradients are side by side in one matrix.
template <class T>
struct GradientScratch {
  std::int64_t begin = 0, rows = 0;
  T* value[MlpTask::max_layers] = {};  ///< of each layer, the last one normalised if there is a norm
  T* slope[MlpTask::max_layers] = {};  ///< of its activation, where that does not follow from the value
  T* dz[MlpTask::max_layers] = {};     ///< gradient before the activation
  T* given = nullptr;                  ///< gradient of the result
  std::int64_t gradient_stride = 0;    ///< of the last two
};

/// Where gradients of rows come from and go to.
template <class T>
struct RowGradients {
  struct Matrix {
    T* data = nullptr;
    std::int64_t stride = 0;
    HALOGRAPH_FN T* row(std::int64_t r) const { return data + r * stride; }
  };
  Matrix dinput[MlpTask::max_inputs];
  Matrix dscale;
  const T* dy = nullptr;
  const T* dsum = nullptr;
  std::int64_t dy_stride = 0, dsum_stride = 0;
  const std::int32_t* sum_row = nullptr;
  bool inputs_wanted = false;

  explicit RowGradients(const MlpGradientTask& task)
      : dscale(matrix(task.dscale)),
        dy(static_cast<const T*>(task.dy.data)),
        dsum(static_cast<const T*>(task.dsum.data)),
        dy_stride(task.dy.stride),
        dsum_stride(task.dsum.stride),
        sum_row(task.mlp.sum_row) {
    for (int i = 0; i < task.mlp.n_inputs; ++i) {
      dinput[i] = matrix(task.dinput[i]);
      inputs_wanted = inputs_wanted || dinput[i].data;
    }
  }

  /// The gradient of the result: what comes in by rows and what comes from sums.
  struct Given {
    Unit<T> own, from_sum;
  };
  HALOGRAPH_FN Given fetch(std::int64_t row, int column, int n) const {
    Given given;
    if (dy) given.own = load_unit(dy + row * dy_stride + column, n);
    if (dsum) given.from_sum = load_unit(dsum + sum_row[row] * dsum_stride + column, n);
    return given;
  }
  HALOGRAPH_FN Unit<T> total(const Given& given) const {
    if (!dsum) return given.own;
    Unit<T> sum = given.from_sum;
    if (dy)
      for (int c = 0; c < Unit<T>::size; ++c) sum.at[c] = rounded_add(given.own.at[c], sum.at[c]);
    return sum;
  }

 private:
  static Matrix matrix(const Out& view) { return {static_cast<T*>(view.data), view.stride}; }
};

template <class T, int Rows, bool Spills>
struct Backward {
  static constexpr int blocks_beside = 2;

  Network<T> net;
  TileLayout<T> layout;
  GradientScratch<T> scratch;
  RowGradients<T> gradients;
  std::int64_t stride;  ///< tiles between two of a block

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const TileMemory<T> memory = layout.template in<Rows, Spills>(block);
    for (std::int64_t first = block.index() * Rows; first < scratch.rows; first += stride * Rows) {
      const int rows = scratch.rows - first < Rows ? int(scratch.rows - first) : Rows;
      tile(block, memory, scratch.begin + first, rows);
    }
  }

 private:
  /// Whether nobody asks for the value of the last layer.
  HALOGRAPH_FN bool ends_linear() const { return !net.norm && !gradients.dscale.data && net.last == Unary::identity; }

  HALOGRAPH_FN T* scratch_of(T* matrix, std::int64_t begin, std::int64_t matrix_stride) const {
    return matrix ? matrix + (begin - scratch.begin) * matrix_stride : nullptr;
  }

  HALOGRAPH_FN KeptTile<T> kept(int k, std::int64_t begin) const {
    const int kept_stride = padded(net.layer[k].out);
    return {scratch_of(scratch.value[k], begin, kept_stride), scratch_of(scratch.slope[k], begin, kept_stride),
            kept_stride};
  }

  template <class Block>
  HALOGRAPH_FN void tile(Block& block, const TileMemory<T>& memory, std::int64_t begin, int rows) const {
    const int last = net.n_layers - 1, cols = net.out;
    run_layers<T, Rows>(block, net, memory, begin, rows, ends_linear() ? last : net.n_layers, [&](int k) {
      return k == last && net.norm ? KeptTile<T>{} : kept(k, begin);  // there, the normalised value is kept
    });
    // The gradient before the activation of layer k is in tile k % 2, its value, if that is the last, in the other one.
    const bool odd = last % 2;
    T* const d = odd ? memory.tile[1] : memory.tile[0];
    T* const value = odd ? memory.tile[0] : memory.tile[1];
    const int d_stride = odd ? memory.stride[1] : memory.stride[0];
    const int value_stride = odd ? memory.stride[0] : memory.stride[1];
    const T* rstd = nullptr;
    if (net.norm) rstd = normalise_tile(block, value, value_stride, rows, cols, net.epsilon, memory.stage);
    load_given(block, begin, rows, d, d_stride, value, value_stride);
    if (net.norm) through_norm(block, rows, d, d_stride, value, value_stride, rstd, memory.stage);
    if (net.scale) through_scale(block, begin, rows, d, d_stride, value, value_stride, memory.stage);
    through_activation(block, last, begin, rows, d, d_stride);
    for (int k = last; k > 0 || (k == 0 && gradients.inputs_wanted); --k) {
      const auto& layer = net.layer[k];
      const bool from = k % 2;
      T* const dx = from ? memory.tile[0] : memory.tile[1];
      const int dx_stride = from ? memory.stride[0] : memory.stride[1];
      const PackedWeights<T> weights{layer.backward, layer.out, layer.in};
      multiply_tile<T, Rows>(block, from ? memory.tile[1] : memory.tile[0], from ? memory.stride[1] : memory.stride[0],
                             weights, memory.stage, LayerStart<T>{}, dx, dx_stride);
      if (k > 0) through_activation(block, k - 1, begin, rows, dx, dx_stride);
      else put_inputs(block, begin, rows, dx, dx_stride);
    }
  }

  /// The gradient of the result, times the norm's weight; keeps what the sums of the norm's parameters need.
  template <class Block>
  HALOGRAPH_FN void load_given(Block& block, std::int64_t begin, int rows, T* d, int d_stride, const T* value,
                               int value_stride) const {
    const int cols = net.out;
    T* const given = scratch_of(scratch.given, begin, scratch.gradient_stride);
    const KeptTile<T> normalised = net.norm ? kept(net.n_layers - 1, begin) : KeptTile<T>{};
    block.phase([&](int thread) {
      const auto fetch = [&](int row, int column, int) { return gradients.fetch(begin + row, column, cols - column); };
      for_each_unit<T>(thread, rows, padded(cols), fetch, [&](int row, int column, int, const auto& fetched) {
        const int n = cols - column;
        Unit<T> g = gradients.total(fetched);
        if (given) unit_at(given + row * scratch.gradient_stride + column) = g;
        if (normalised.value)
          unit_at(normalised.value + row * normalised.stride + column) = unit_at(value + row * value_stride + column);
        if (net.norm_weight) {
          const Unit<T> weight = load_unit(net.norm_weight + column, n);
          for (int c = 0; c < Unit<T>::size; ++c) g.at[c] = rounded_multiply(g.at[c], weight.at[c]);
        }
        for (int c = 0; c < Unit<T>::size; ++c)
          if (c >= n) g.at[c] = T(0);
        unit_at(d + row * d_stride + column) = g;
      });
    });
  }

  template <class Block>
  HALOGRAPH_FN void through_norm(Block& block, int rows, T* d, int d_stride, const T* value, int value_stride,
                                 const T* rstd, T* stage) const {
    const int cols = net.out;
    T* const mean_g = stage + 16;
    T* const mean_gn = stage + rows * 18;
    sum_tile_columns(
        block, rows, cols, stage, [&](int row, int column) { return d[row * d_stride + column]; },
        [&](int row, T sum) { mean_g[row * 17] = rounded_divide(sum, T(cols)); });
    sum_tile_columns(
        block, rows, cols, stage,
        [&](int row, int column) {
          return rounded_multiply(d[row * d_stride + column], value[row * value_stride + column]);
        },
        [&](int row, T sum) { mean_gn[row] = rounded_divide(sum, T(cols)); });
    block.phase([&](int thread) {
      for_each_unit<T>(thread, rows, cols, [&](int row, int column, int n) {
        Unit<T>& at = unit_at(d + row * d_stride + column);
        const Unit<T> normalised = unit_at(value + row * value_stride + column);
        for (int c = 0; c < Unit<T>::size; ++c)
          if (c < n) {
            const T inner = fused(-normalised.at[c], mean_gn[row], rounded_add(at.at[c], -mean_g[row * 17]));
            at.at[c] = rounded_multiply(rstd[row], inner);
          }
      });
    });
  }

  template <class Block>
  HALOGRAPH_FN void through_scale(Block& block, std::int64_t begin, int rows, T* d, int d_stride, const T* value,
                                  int value_stride, T* stage) const {
    if (gradients.dscale.data)
      sum_tile_columns(
          block, rows, net.out, stage,
          [&](int row, int column) {
            return rounded_multiply(d[row * d_stride + column], value[row * value_stride + column]);
          },
          [&](int row, T sum) { *gradients.dscale.row(begin + row) = sum; });
    block.phase([&](int thread) {
      for_each_unit<T>(thread, rows, net.out, [&](int row, int column, int n) {
        Unit<T>& at = unit_at(d + row * d_stride + column);
        const T factor = net.scale[(begin + row) * net.scale_stride];
        for (int c = 0; c < Unit<T>::size; ++c)
          if (c < n) at.at[c] = rounded_multiply(at.at[c], factor);
      });
    });
  }

  /// d, the gradient of the value of layer k, becomes that of its argument.
  template <class Block>
  HALOGRAPH_FN void through_activation(Block& block, int k, std::int64_t begin, int rows, T* d, int d_stride) const {
    const int cols = net.layer[k].out;
    const KeptTile<T> of = kept(k, begin);
    T* const dz = scratch_of(scratch.dz[k], begin, scratch.gradient_stride);
    const auto put = [&](int row, int column, const Unit<T>& value) {
      unit_at(d + row * d_stride + column) = value;
      if (dz) unit_at(dz + row * scratch.gradient_stride + column) = value;
    };
    const auto apply = [&](auto function) {
      constexpr Unary F = decltype(function)::value;
      const T* const from = slope_needs_argument(F) ? of.slope : of.value;
      block.phase([&](int thread) {
        const auto fetch = [&](int row, int column, int) { return unit_at(from + row * of.stride + column); };
        for_each_unit<T>(thread, rows, cols, fetch, [&](int row, int column, int n, Unit<T> slope) {
          if constexpr (!slope_needs_argument(F)) slope = evaluate_unit<slope_of<F>>(slope, n);
          Unit<T> value = unit_at(d + row * d_stride + column);
          for (int c = 0; c < Unit<T>::size; ++c)
            if (c < n) value.at[c] = rounded_multiply(slope.at[c], value.at[c]);
          put(row, column, value);
        });
      });
    };
    const Unary f = net.activation(k);
    if (f == Unary::identity) {
      if (!dz) return;
      block.phase([&](int thread) {
        for_each_unit<T>(thread, rows, cols,
                         [&](int row, int column, int) { put(row, column, unit_at(d + row * d_stride + column)); });
      });
    } else if (of.slope) {
      apply(Function<Unary::silu>{});  // slopes are all the same once they are kept
    } else {
      switch_activation_by_value(f, apply);
    }
  }

  /// Columns of the tile into gradients of the inputs; that of the residual gets the gradient of the result too.
  template <class Block>
  HALOGRAPH_FN void put_inputs(Block& block, std::int64_t begin, int rows, const T* dx, int dx_stride) const {
    const T* const given = scratch_of(scratch.given, begin, scratch.gradient_stride);
    block.phase([&](int thread) {
      int first = 0;
      for (int i = 0; i < net.n_inputs; ++i) {
        const auto& to = gradients.dinput[i];
        if (to.data)
          for_each_unit<T>(
              thread, rows, int(net.input[i].cols),
              [&](int row, int column, int) {
                return i == net.residual ? unit_at(given + row * scratch.gradient_stride + column) : Unit<T>{};
              },
              [&](int row, int column, int n, const Unit<T>& more) {
                Unit<T> value = load_unit(dx + row * dx_stride + first + column, n);
                if (i == net.residual)
                  for (int c = 0; c < Unit<T>::size; ++c) value.at[c] = rounded_add(more.at[c], value.at[c]);
                store_unit(to.row(begin + row) + column, value, n);
              });
        first += int(net.input[i].cols);
      }
    });
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
