// SPDX-License-Identifier: BSD-3-Clause
// One output element from the same element of the inputs.
#include <kernels/functions.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct Fill {
  MutableRows<T> y;
  T value;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[row] + at.column, Pack<T, W>(value));
  }
};

template <class T, class U>
struct Copy {
  Rows<T> x;
  MutableRows<U> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    for (int i = 0; i < W; ++i) y[row][at.column + i] = U(x[row][at.column + i]);
  }
};

template <class T, Unary F>
struct Apply {
  Rows<T> x;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[row] + at.column, evaluate<F>(load<W>(x[row] + at.column)));
  }
};

template <class T, Unary F>
struct SlopeProduct {
  Rows<T> y, dy;
  MutableRows<T> dx;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(dx[row] + at.column, evaluate<F>(load<W>(y[row] + at.column)) * load<W>(dy[row] + at.column));
  }
};

template <Binary F, class T, int W>
HALOGRAPH_FN Pack<T, W> combine(Pack<T, W> a, Pack<T, W> b) {
  if constexpr (F == Binary::add) return a + b;
  else if constexpr (F == Binary::subtract) return a - b;
  else if constexpr (F == Binary::multiply) return a * b;
  else if constexpr (F == Binary::divide) return a / b;
  else if constexpr (F == Binary::maximum) return max(a, b);
  else return min(a, b);
}

template <class T, Binary F>
struct Combine {
  Rows<T> a, b;
  MutableRows<T> y;
  bool one_column;  // of b
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const Pack<T, W> right = one_column ? Pack<T, W>(b[row][0]) : load<W>(b[row] + at.column);
    store(y[row] + at.column, combine<F>(load<W>(a[row] + at.column), right));
  }
};

template <class T>
struct ScaleShift {
  Rows<T> x;
  MutableRows<T> y;
  T scale, shift;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[row] + at.column, fma(load<W>(x[row] + at.column), Pack<T, W>(scale), Pack<T, W>(shift)));
  }
};

void fill(double value, Out y) {
  if (is_contiguous(y)) y = as_one_row(y);
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, Fill<T>{MutableRows<T>(y), T(value)});
  });
}

void copy(In x, Out y) {
  if (is_contiguous(x) && is_contiguous(y)) x = as_one_row(x), y = as_one_row(y);
  switch_type(x.type, [&](auto t) {
    switch_type(y.type, [&](auto u) {
      using T = decltype(t);
      using U = decltype(u);
      for_each_row<U>(y.rows, y.cols, Copy<T, U>{Rows<T>(x), MutableRows<U>(y)});
    });
  });
}

void unary(Unary f, In x, Out y) {
  if (is_contiguous(x) && is_contiguous(y)) x = as_one_row(x), y = as_one_row(y);
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    switch_unary(f, [&](auto function) {
      for_each_row<T>(y.rows, y.cols, Apply<T, decltype(function)::value>{Rows<T>(x), MutableRows<T>(y)});
    });
  });
}

void slope_product(Unary f, In y, In dy, Out dx) {
  if (is_contiguous(y) && is_contiguous(dy) && is_contiguous(dx))
    y = as_one_row(y), dy = as_one_row(dy), dx = as_one_row(dx);
  switch_type(dx.type, [&](auto t) {
    using T = decltype(t);
    switch_unary(f, [&](auto function) {
      for_each_row<T>(dx.rows, dx.cols,
                      SlopeProduct<T, decltype(function)::value>{Rows<T>(y), Rows<T>(dy), MutableRows<T>(dx)});
    });
  });
}

template <Binary F>
void binary_as(In a, In b, Out y) {
  const bool one_column = b.cols == 1 && y.cols != 1, one_row = b.rows == 1 && y.rows != 1;
  if (one_row) b.stride = 0;
  if (!one_column && !one_row && is_contiguous(a) && is_contiguous(b) && is_contiguous(y))
    a = as_one_row(a), b = as_one_row(b), y = as_one_row(y);
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, Combine<T, F>{Rows<T>(a), Rows<T>(b), MutableRows<T>(y), one_column});
  });
}

void binary(Binary f, In a, In b, Out y) {
  switch (f) {
    case Binary::add: return binary_as<Binary::add>(a, b, y);
    case Binary::subtract: return binary_as<Binary::subtract>(a, b, y);
    case Binary::multiply: return binary_as<Binary::multiply>(a, b, y);
    case Binary::divide: return binary_as<Binary::divide>(a, b, y);
    case Binary::maximum: return binary_as<Binary::maximum>(a, b, y);
    case Binary::minimum: return binary_as<Binary::minimum>(a, b, y);
  }
}

void scale_shift(In x, double scale, double shift, Out y) {
  if (is_contiguous(x) && is_contiguous(y)) x = as_one_row(x), y = as_one_row(y);
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, ScaleShift<T>{Rows<T>(x), MutableRows<T>(y), T(scale), T(shift)});
  });
}

}  // namespace

void register_elementwise(Table& table) {
  table.fill = fill;
  table.copy = copy;
  table.unary = unary;
  table.slope_product = slope_product;
  table.binary = binary;
  table.scale_shift = scale_shift;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
