// SPDX-License-Identifier: BSD-3-Clause
// The fixed order of every sum over the columns of a row: 16 logical lanes, lane j adding columns
// j, j + 16, ... in ascending order, then halves folded onto each other. The order is the same for
// every vector width and on every device.
#pragma once

#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// The term that is a row's own value.
template <class T>
struct ColumnValue {
  const T* x;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return load<W>(x + column);
  }
};

/// At most L columns: the lanes beyond stay 0, and a sum of theirs changes nothing.
template <class T, int L, class Term>
HALOGRAPH_FN T sum_over_few(std::int64_t cols, const Term& term) {
  Pack<T, L> lanes(T(0));
  if (cols == L) return fold(lanes + term.template operator()<L>(0));
  T some[L];
  store(some, lanes);
  for (std::int64_t column = 0; column < cols; ++column) {
    T one[1];
    store(one, term.template operator()<1>(column));
    some[column] = some[column] + one[0];
  }
  return fold(load<L>(some));
}

/// Sum over columns of term(W, column), where term gives a Pack of W adjacent terms.
template <class T, class Term>
HALOGRAPH_FN T sum_over_columns(std::int64_t cols, const Term& term) {
  if (cols <= 4) return sum_over_few<T, 4>(cols, term);
  if (cols <= 8) return sum_over_few<T, 8>(cols, term);
  Pack<T, 16> lanes(T(0));
  std::int64_t column = 0;
  for (; column + 16 <= cols; column += 16) lanes = lanes + term.template operator()<16>(column);
  if (column < cols) {
    T tail[16];
    store(tail, lanes);
    const std::int64_t start = column;
    for (; column < cols; ++column) {
      T one[1];
      store(one, term.template operator()<1>(column));
      tail[column - start] = tail[column - start] + one[0];
    }
    lanes = load<16>(tail);
  }
  return fold(lanes);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
