// SPDX-License-Identifier: BSD-3-Clause
// Square blocks of numbers turned on their side in registers.
#pragma once

#include <utility>

#include <kernels/launch/pack.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// The vector type of W numbers.
template <class T, int W>
using NativeVector = typename VectorOf<T, W>::type;

template <class V, std::size_t... I>
HALOGRAPH_FN auto first_lanes(V a, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, a, int(I)...);
}
template <class V, std::size_t... I>
HALOGRAPH_FN auto last_lanes(V a, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, a, int(I + sizeof...(I))...);
}
template <class V, std::size_t... I>
HALOGRAPH_FN auto all_lanes(V a, V b, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, b, int(I)...);
}

/// Lanes of a, then lanes of b.
template <class T, int C>
HALOGRAPH_FN Pack<T, 2 * C> side_by_side(Pack<T, C> a, Pack<T, C> b) {
  return Pack<T, 2 * C>::of(all_lanes(a.value, b.value, std::make_index_sequence<2 * C>()));
}
template <class T, int W>
HALOGRAPH_FN Pack<T, W / 2> low_half(Pack<T, W> a) {
  return Pack<T, W / 2>::of(first_lanes(a.value, std::make_index_sequence<W / 2>()));
}
template <class T, int W>
HALOGRAPH_FN Pack<T, W / 2> high_half(Pack<T, W> a) {
  return Pack<T, W / 2>::of(last_lanes(a.value, std::make_index_sequence<W / 2>()));
}

// One step of the transpose swaps the off-diagonal quarters of blocks of 2 * S: lane j of the upper vector
// becomes lane j of a where bit S of j is clear, else lane j - S of b; the lower one takes what is left.
template <int S, class V, std::size_t... I>
HALOGRAPH_FN V upper_lanes(V a, V b, std::index_sequence<I...>) {
  constexpr int W = sizeof...(I);
  return __builtin_shufflevector(a, b, int((I & S) ? W + I - S : I)...);
}
template <int S, class V, std::size_t... I>
HALOGRAPH_FN V lower_lanes(V a, V b, std::index_sequence<I...>) {
  constexpr int W = sizeof...(I);
  return __builtin_shufflevector(a, b, int((I & S) ? W + I : I + S)...);
}

template <int S, int C, class T, int W>
HALOGRAPH_FN void transpose_from(Pack<T, W> (&v)[C]) {
  if constexpr (S < C) {
    for (int i = 0; i < C; ++i)
      if ((i & S) == 0) {
        const auto a = v[i].value, b = v[i + S].value;
        v[i].value = upper_lanes<S>(a, b, std::make_index_sequence<W>());
        v[i + S].value = lower_lanes<S>(a, b, std::make_index_sequence<W>());
      }
    transpose_from<2 * S>(v);
  }
}

/// Transposes each block of C x C numbers among C vectors of W = C or several times C lanes.
template <class T, int W, int C>
HALOGRAPH_FN void transpose(Pack<T, W> (&v)[C]) {
  transpose_from<1>(v);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
