// SPDX-License-Identifier: BSD-3-Clause
// Layer norm on panels: the arithmetic of kernels/norm.cpp for a vector of rows at a time, the sums over columns
// in the order of row_reduce.hpp.
#pragma once

#include <kernels/host/panel.hpp>
#include <kernels/launch/math_support.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Sum of term(column) over columns for one vector of rows. Lanes that no column reaches are 0 and left out.
template <class T, class Term>
HALOGRAPH_FN auto sum_over_panel_columns(int cols, const Term& term) {
  using P = Pack<T, native_width<T>>;
  P lane[16];
  for (int j = 0; j < 16; ++j) lane[j] = P(T(0));
  int column = 0;
  for (; column + 16 <= cols; column += 16)
    for (int j = 0; j < 16; ++j) lane[j] = lane[j] + term(column + j);
  if (column + 8 <= cols) {
    for (int j = 0; j < 8; ++j) lane[j] = lane[j] + term(column + j);
    const int rest = cols - column;
    if (rest > 8)
      for (int j = 8; j < 16; ++j)
        if (j < rest) lane[j] = lane[j] + term(column + j);
  } else {
    for (int j = 0; j < 8; ++j)
      if (column + j < cols) lane[j] = lane[j] + term(column + j);
  }
  if (cols > 8)
    for (int j = 0; j < 8; ++j) lane[j] = lane[j] + lane[j + 8];
  for (int half = 4; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lane[j] = lane[j] + lane[j + half];
  return lane[0];
}

/// The mean of term(column). Where cols is a power of two a product has the bits of the quotient and is faster.
template <class T, class Term>
HALOGRAPH_FN auto mean_over_panel_columns(int cols, const Term& term) {
  using P = Pack<T, native_width<T>>;
  const P sum = sum_over_panel_columns<T>(cols, term);
  return (cols & (cols - 1)) == 0 ? sum * P(T(1) / T(cols)) : sum / P(T(cols));
}

/// Calls body(Block<cols>{}) for usual numbers of columns, body(Block<0>{}) for others: loops of a known length
/// run twice as fast here.
template <class Body>
void switch_columns(int cols, const Body& body) {
  switch (cols) {
    case 8: return body(Block<8>{});
    case 16: return body(Block<16>{});
    case 32: return body(Block<32>{});
    case 64: return body(Block<64>{});
    case 128: return body(Block<128>{});
    default: return body(Block<0>{});
  }
}

template <int Cols, class T>
void normalise_columns(T* x, int rows, int any_cols, T epsilon, T* rstd_of_rows) {
  const int cols = Cols > 0 ? Cols : any_cols;
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  using P = Pack<T, W>;
  for (int row = 0; row < rows; row += W) {
    T* at = x + row;
    const P mean = mean_over_panel_columns<T>(cols, [=](int c) { return load<W>(at + c * stride); });
    const auto squared_deviation = [=](int c) { return squared(load<W>(at + c * stride) - mean); };
    const P variance = mean_over_panel_columns<T>(cols, squared_deviation);
    const P rstd = P(T(1)) / sqrt(variance + P(epsilon));
    if (rstd_of_rows) store(rstd_of_rows + row, rstd);
    for (int c = 0; c < cols; ++c) store(at + c * stride, (load<W>(at + c * stride) - mean) * rstd);
  }
}

/// Normalised values in place of x, and rstd of each row unless null.
template <class T>
void normalise_panel(T* x, int rows, int cols, T epsilon, T* rstd_of_rows) {
  switch_columns(cols,
                 [=](auto known) { normalise_columns<decltype(known)::width>(x, rows, cols, epsilon, rstd_of_rows); });
}

/// In place: normalised * weight + bias.
template <class T>
void scale_panel(T* x, int rows, int cols, const T* weight, const T* bias) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  for (int c = 0; c < cols; ++c)
    for (int row = 0; row < rows; row += W)
      store(x + c * stride + row, fma(load<W>(x + c * stride + row), Pack<T, W>(weight[c]), Pack<T, W>(bias[c])));
}

template <int Cols, class T>
void norm_gradient_columns(const T* normalised, const T* rstd_of_rows, const T* weight, T* dy, int rows, int any_cols) {
  const int cols = Cols > 0 ? Cols : any_cols;
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  using P = Pack<T, W>;
  for (int row = 0; row < rows; row += W) {
    T* d = dy + row;
    const T* n = normalised + row;
    if (weight)
      for (int c = 0; c < cols; ++c) store(d + c * stride, load<W>(d + c * stride) * P(weight[c]));
    const P mean_g = mean_over_panel_columns<T>(cols, [=](int c) { return load<W>(d + c * stride); });
    const P mean_gn =
        mean_over_panel_columns<T>(cols, [=](int c) { return load<W>(d + c * stride) * load<W>(n + c * stride); });
    const P rstd = load<W>(rstd_of_rows + row);
    for (int c = 0; c < cols; ++c) {
      const P inner = fma(-load<W>(n + c * stride), mean_gn, load<W>(d + c * stride) - mean_g);
      store(d + c * stride, rstd * inner);
    }
  }
}

/// dx in place of dy.
template <class T>
void norm_gradient_panel(const T* normalised, const T* rstd_of_rows, const T* weight, T* dy, int rows, int cols) {
  switch_columns(cols, [=](auto known) {
    norm_gradient_columns<decltype(known)::width>(normalised, rstd_of_rows, weight, dy, rows, cols);
  });
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
