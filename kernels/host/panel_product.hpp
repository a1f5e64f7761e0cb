// SPDX-License-Identifier: BSD-3-Clause
// Dense products on panels. Forward and input gradient multiply a panel by packed weights; every element is
// one chain of fused multiply-adds over the columns of x in ascending order, as in linear.cpp. The weight
// gradient adds the rows of a panel one after the other, as weight_gradient does.
#pragma once

#include <kernels/host/panel.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Columns of the result that a product keeps in registers.
inline constexpr int product_block = native_bytes == 64 ? 8 : 4;

/// Weights in the order in which a product reads them: for each block of result columns, one row of the
/// block's weights per column of x. at(out, in) gives a weight.
template <class T, class At>
void pack_product(int depth, int cols, T* packed, const At& at) {
  const auto pack_block = [&](int column, int width) {
    for (int k = 0; k < depth; ++k)
      for (int j = 0; j < width; ++j) *packed++ = at(column + j, k);
  };
  int column = 0;
  for (int width = product_block; width > 0; width /= 2)
    for (; column + width <= cols; column += width) pack_block(column, width);
}

/// R columns of V vectors of rows.
template <class T, int V, int R>
HALOGRAPH_FN void multiply_block(const T* x, int depth, const T* weights, const T* bias, const T* start, T* y) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  using P = Pack<T, W>;
  P sum[R][V];
  if (start) {
    for (int r = 0; r < R; ++r)
      for (int v = 0; v < V; ++v) sum[r][v] = load<W>(start + r * stride + v * W);
  } else {
    for (int r = 0; r < R; ++r)
      for (int v = 0; v < V; ++v) sum[r][v] = P(bias ? bias[r] : T(0));
  }
  for (int k = 0; k < depth; ++k, x += stride, weights += R) {
    P value[V];
    for (int v = 0; v < V; ++v) value[v] = load<W>(x + v * W);
    for (int r = 0; r < R; ++r) {
      const P weight(weights[r]);
      for (int v = 0; v < V; ++v) sum[r][v] = fma(weight, value[v], sum[r][v]);
    }
  }
  for (int r = 0; r < R; ++r)
    for (int v = 0; v < V; ++v) store(y + r * stride + v * W, sum[r][v]);
}

template <class T, int V>
HALOGRAPH_FN void multiply_group(const T* x, int depth, int cols, const T* weights, const T* bias, const T* start,
                                 T* y) {
  constexpr int stride = panel_rows<T>;
  int column = 0;
  const auto run = [&](auto width) {
    constexpr int R = decltype(width)::width;
    for (; column + R <= cols; column += R, weights += R * depth)
      multiply_block<T, V, R>(x, depth, weights, bias ? bias + column : nullptr,
                              start ? start + column * stride : nullptr, y + column * stride);
  };
  if constexpr (product_block == 8) run(Block<8>{});
  run(Block<4>{});
  run(Block<2>{});
  run(Block<1>{});
}

/// y = start + W x with `weights` from pack_product. The sum starts at `start` (a panel, may be y), else at
/// `bias`, else at 0.
template <class T>
void multiply_panel(const T* x, int rows, int depth, int cols, const T* weights, const T* bias, const T* start, T* y) {
  constexpr int W = native_width<T>;
  int vector = 0;
  const int vectors = panel_vectors<T>(rows);
  const auto at = [&](const T* panel) { return panel ? panel + vector * W : nullptr; };
  for (; vector + panel_group <= vectors; vector += panel_group)
    multiply_group<T, panel_group>(at(x), depth, cols, weights, bias, at(start), y + vector * W);
  if (vector + 2 <= vectors) {
    multiply_group<T, 2>(at(x), depth, cols, weights, bias, at(start), y + vector * W);
    vector += 2;
  }
  if (vector < vectors) multiply_group<T, 1>(at(x), depth, cols, weights, bias, at(start), y + vector * W);
}

/// sum[c] += x[row, c] for C columns, row after row.
template <class T, int C>
HALOGRAPH_FN void add_rows_of(const T* x, int stride, int rows, T* sum) {
  Pack<T, C> total = load<C>(sum);
  for (int row = 0; row < rows; ++row) total = total + load<C>(x + row * stride);
  store(sum, total);
}

/// The same for all columns of contiguous rows.
template <class T>
void add_rows(const T* x, int cols, int rows, T* sum) {
  for_each_block<T>(cols, [=](int column, auto block) {
    add_rows_of<T, decltype(block)::width>(x + column, cols, rows, sum + column);
  });
}

/// R columns of x times V vectors of columns of dy, and the sum of dy itself if there is a bias.
template <class T, int W, int V, int R, bool Bias>
HALOGRAPH_FN void outer_block(const T* x, const T* dy, int dy_cols, int rows, T* sum, T* bias) {
  constexpr int stride = panel_rows<T>;
  using P = Pack<T, W>;
  P tile[R][V], total[V];
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < V; ++v) tile[i][v] = load<W>(sum + i * dy_cols + v * W);
  if constexpr (Bias)
    for (int v = 0; v < V; ++v) total[v] = load<W>(bias + v * W);
  for (int row = 0; row < rows; ++row, dy += dy_cols) {
    P value[V];
    for (int v = 0; v < V; ++v) value[v] = load<W>(dy + v * W);
    for (int i = 0; i < R; ++i) {
      const P factor(x[i * stride + row]);
      for (int v = 0; v < V; ++v) tile[i][v] = fma(factor, value[v], tile[i][v]);
    }
    if constexpr (Bias)
      for (int v = 0; v < V; ++v) total[v] = total[v] + value[v];
  }
  for (int i = 0; i < R; ++i)
    for (int v = 0; v < V; ++v) store(sum + i * dy_cols + v * W, tile[i][v]);
  if constexpr (Bias)
    for (int v = 0; v < V; ++v) store(bias + v * W, total[v]);
}

/// sum[i, o] += x[row, i] * dy[row, o], row after row: x a panel, dy rows of dy_cols, sum [x_cols, dy_cols]; and
/// bias[o] += dy[row, o] unless null.
template <class T>
void add_outer(const T* x, int x_cols, const T* dy, int dy_cols, int rows, T* sum, T* bias) {
  constexpr int W = native_width<T>;
  int o = 0;
  const auto columns = [&](auto width, auto vectors, auto height) {
    constexpr int lanes = decltype(width)::width, V = decltype(vectors)::width, R = decltype(height)::width;
    int i = 0;
    const auto run = [&](auto count) {
      constexpr int n = decltype(count)::width;
      for (; i + n <= x_cols; i += n)
        outer_block<T, lanes, V, n, false>(x + i * panel_rows<T>, dy + o, dy_cols, rows, sum + i * dy_cols + o,
                                           nullptr);
    };
    // The sum of dy shares the loads of the first block where it leaves registers for both.
    if constexpr (V <= 2) {
      if (bias && R <= x_cols) {
        outer_block<T, lanes, V, R, true>(x, dy + o, dy_cols, rows, sum + o, bias + o);
        i = R;
      }
    }
    if (bias && i == 0) add_rows_of<T, lanes * V>(dy + o, dy_cols, rows, bias + o);
    run(Block<R>{});
    if constexpr (R > 4) run(Block<4>{});
    run(Block<2>{});
    run(Block<1>{});
  };
  const auto walk = [&](auto width, auto vectors, auto height) {
    constexpr int step = decltype(width)::width * decltype(vectors)::width;
    for (; o + step <= dy_cols; o += step) columns(width, vectors, height);
  };
  if constexpr (native_bytes == 64) walk(Block<W>{}, Block<4>{}, Block<6>{});
  walk(Block<W>{}, Block<2>{}, Block < native_bytes == 64 ? 8 : 4 > {});
  walk(Block<W>{}, Block<1>{}, Block<8>{});
  if constexpr (W > 8) walk(Block<8>{}, Block<1>{}, Block<8>{});
  if constexpr (W > 4) walk(Block<4>{}, Block<1>{}, Block<8>{});
  if constexpr (W > 2) walk(Block<2>{}, Block<1>{}, Block<4>{});
  walk(Block<1>{}, Block<1>{}, Block<4>{});
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
