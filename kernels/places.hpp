// SPDX-License-Identifier: BSD-3-Clause
// Row numbers beside numbers: a lane of int32 places in memory as a pack of integers as wide as those of T, so that
// masks over the ones select among the others.
#pragma once

#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T, int W>
using Places = Pack<typename Pack<T, W>::Integer, W>;

template <class T, int W>
HALOGRAPH_FN Places<T, W> load_places(const std::int32_t* from) {
  if constexpr (sizeof(T) == sizeof(std::int32_t)) {
    return load<W>(from);
  } else {
    typename Pack<T, W>::Integer wide[W];
    for (int i = 0; i < W; ++i) wide[i] = from[i];
    return load<W>(wide);
  }
}

template <class T, int W>
HALOGRAPH_FN void store_places(std::int32_t* to, Places<T, W> places) {
  if constexpr (sizeof(T) == sizeof(std::int32_t)) {
    store(to, places);
  } else {
    typename Pack<T, W>::Integer wide[W];
    store(wide, places);
    for (int i = 0; i < W; ++i) to[i] = std::int32_t(wide[i]);
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
