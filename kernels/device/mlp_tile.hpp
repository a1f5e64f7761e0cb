// SPDX-License-Identifier: BSD-3-Clause
// A tile of rows on its way through a network: inputs are loaded, layers take it from one tile of shared memory to the
// other and back, a norm works in place. Forward pass and gradient share this.
#pragma once

#include <kernels/device/mlp_network.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// What a block works in. Layer k reads tile k % 2 and writes the other one.
template <class T>
struct TileMemory {
  T* tile[2];
  int stride[2];
  T* stage;  ///< weights under way; sums over columns while there are none
};

/// Where that is: in shared memory, or, for networks too wide for it, in a part of a buffer for each block.
template <class T>
struct TileLayout {
  int stride[2] = {};
  T* spilled = nullptr;

  std::int64_t tile_size(int rows) const { return std::int64_t(rows) * (stride[0] + stride[1]); }
  std::int64_t shared_bytes(int rows, bool spills) const {
    // A sum over columns has 16 lanes and, apart from them, two results a row.
    const std::int64_t stage = std::max(2 * stage_size, rows * 19);
    return (stage + (spills ? 0 : tile_size(rows))) * std::int64_t(sizeof(T));
  }

  template <int Rows, bool Spills, class Block>
  HALOGRAPH_FN TileMemory<T> in(Block& block) const {
    T* const shared = block.template shared<T>(0);
    const std::int64_t size = std::int64_t(Rows) * (stride[0] + stride[1]);
    T* const tiles = Spills ? spilled + block.index() * size : shared;
    return {{tiles, tiles + Rows * stride[0]}, {stride[0], stride[1]}, Spills ? shared : shared + size};
  }
};

/// Where values of a layer, and slopes that do not follow from them, are kept; null where they are not.
template <class T>
struct KeptTile {
  T* value = nullptr;
  T* slope = nullptr;
  int stride = 0;
};

/// f of the first n numbers, zeros behind them.
template <Unary F, class T>
HALOGRAPH_FN Unit<T> evaluate_unit(const Unit<T>& x, int n) {
  Unit<T> y;
  for (int c = 0; c < Unit<T>::size; ++c) y.at[c] = c < n ? evaluate<F>(Pack<T, 1>::of(x.at[c])).value : T(0);
  return y;
}

/// In place, keeping what is asked for.
template <class T, class Block>
HALOGRAPH_FN void activate_tile(Block& block, Unary f, T* y, int stride, int rows, int cols, const KeptTile<T>& kept) {
  const auto apply = [&](auto function) {
    constexpr Unary F = decltype(function)::value;
    block.phase([&](int thread) {
      for_each_unit<T>(thread, rows, cols, [&](int row, int column, int n) {
        Unit<T>& at = unit_at(y + row * stride + column);
        const Unit<T> argument = at, value = evaluate_unit<F>(argument, n);
        const int place = row * kept.stride + column;
        at = value;
        if (kept.value) store_unit(kept.value + place, value, n);
        if constexpr (slope_needs_argument(F))
          if (kept.slope) store_unit(kept.slope + place, evaluate_unit<slope_of<F>>(argument, n), n);
      });
    });
  };
  if (f == Unary::identity && kept.value) apply(Function<Unary::identity>{});
  switch_activation_by_value(f, apply);
  switch_activation_by_argument(f, apply);
}

/// Inputs side by side; zeros up to the next multiple of four columns.
template <class T, class Block>
HALOGRAPH_FN void load_inputs(Block& block, const Network<T>& net, std::int64_t begin, int rows, T* x, int stride) {
  block.phase([&](int thread) {
    int first = 0;
    for (int i = 0; i < net.n_inputs; ++i) {
      const T* from = net.input[i].data + begin * net.input[i].stride;
      for_each_unit<T>(
          thread, rows, int(net.input[i].cols),
          [&](int row, int column, int n) { return load_unit(from + row * net.input[i].stride + column, n); },
          [&](int row, int column, int n, const Unit<T>& value) {
            store_unit(x + row * stride + first + column, value, n);
          });
      first += int(net.input[i].cols);
    }
    for (int row = thread; row < rows; row += tile_threads)
      for (int column = net.in; column < padded(net.in); ++column) x[row * stride + column] = T(0);
  });
}

/// The tile through the first n_layers layers; the result is in tile n_layers % 2. keep(k) gives the KeptTile of layer
/// k.
template <class T, int Rows, class Block, class Keep>
HALOGRAPH_FN void run_layers(Block& block, const Network<T>& net, const TileMemory<T>& memory, std::int64_t begin,
                             int rows, int n_layers, const Keep& keep) {
  if (n_layers == 0) return;
  load_inputs(block, net, begin, rows, memory.tile[0], memory.stride[0]);
  for (int k = 0; k < n_layers; ++k) {
    const auto& layer = net.layer[k];
    const int from = k % 2, to = 1 - from;
    T* y = to ? memory.tile[1] : memory.tile[0];
    const int y_stride = to ? memory.stride[1] : memory.stride[0];
    multiply_tile<T, Rows>(block, from ? memory.tile[1] : memory.tile[0], from ? memory.stride[1] : memory.stride[0],
                           PackedWeights<T>{layer.forward, layer.in, layer.out}, memory.stage,
                           net.start_of(k, begin, rows), y, y_stride);
    activate_tile(block, net.activation(k), y, y_stride, rows, layer.out, keep(k));
  }
}

/// Calls done(row, sum of term(row, column) over columns), one thread a row, in the order of row_reduce.hpp. `lanes`
/// holds 17 numbers a row, the last of them for `done`.
template <class T, class Block, class Term, class Done>
HALOGRAPH_FN void sum_tile_columns(Block& block, int rows, int cols, T* lanes, const Term& term, const Done& done) {
  block.phase([&](int thread) {
    const int lane = thread % 16;
    for (int row = thread / 16; row < rows; row += tile_threads / 16) {
      T sum = T(0);
      for (int column = lane; column < cols; column += 16) sum = rounded_add(sum, term(row, column));
      lanes[row * 17 + lane] = sum;
    }
  });
  block.phase([&](int thread) {
    for (int row = thread; row < rows; row += tile_threads) {
      T lane[16];
      for (int j = 0; j < 16; ++j) lane[j] = lanes[row * 17 + j];
      for (int j = 0; j < 8; ++j) lane[j] = rounded_add(lane[j], lane[j + 8]);
      for (int j = 0; j < 4; ++j) lane[j] = rounded_add(lane[j], lane[j + 4]);
      for (int j = 0; j < 2; ++j) lane[j] = rounded_add(lane[j], lane[j + 2]);
      done(row, rounded_add(lane[0], lane[1]));
    }
  });
}

/// Normalised values in place of x; 1 / deviation of each row stands in rstd[row * 17] until weights are staged again.
template <class T, class Block>
HALOGRAPH_FN T* normalise_tile(Block& block, T* x, int stride, int rows, int cols, T epsilon, T* stage) {
  T* const mean = stage + 16;
  T* const rstd = stage + rows * 17;
  const auto value = [&](int row, int column) { return x[row * stride + column]; };
  sum_tile_columns(block, rows, cols, stage, value,
                   [&](int row, T sum) { mean[row * 17] = rounded_divide(sum, T(cols)); });
  sum_tile_columns(
      block, rows, cols, stage,
      [&](int row, int column) {
        const T d = rounded_add(value(row, column), -mean[row * 17]);
        return rounded_multiply(d, d);
      },
      [&](int row, T sum) {
        rstd[row] = rounded_divide(T(1), root(rounded_add(rounded_divide(sum, T(cols)), epsilon)));
      });
  block.phase([&](int thread) {
    for_each_unit<T>(thread, rows, cols, [&](int row, int column, int n) {
      Unit<T>& at = unit_at(x + row * stride + column);
      for (int c = 0; c < Unit<T>::size; ++c)
        if (c < n) at.at[c] = rounded_multiply(rounded_add(at.at[c], -mean[row * 17]), rstd[row]);
    });
  });
  return rstd;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
