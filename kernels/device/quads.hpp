// SPDX-License-Identifier: BSD-3-Clause
// Four adjacent numbers on their way between memory and registers. Whether an address is a multiple of 16 bytes is
// known before: for shared memory by its layout, for a matrix by its address and stride, which the launch looks at
// once.
#pragma once

#include <kernels/launch/pack.hpp>
#include <kernels/launch/unroll.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T, int N>
struct alignas(N * sizeof(T)) AlignedPack {
  Pack<T, N> pack;
};

/// N numbers at an address that is a multiple of their size, or of 16 bytes if they are more.
template <int N, class T>
HALOGRAPH_FN Pack<T, N> load_aligned(const T* from) {
  if constexpr (!HALOGRAPH_GPU || N == 1) return load<N>(from);
  else if constexpr (N * sizeof(T) > 16)
    return Pack<T, N>::join(load_aligned<N / 2>(from), load_aligned<N / 2>(from + N / 2));
  else return reinterpret_cast<const AlignedPack<T, N>*>(from)->pack;
}
template <class T, int N>
HALOGRAPH_FN void store_aligned(T* to, Pack<T, N> a) {
  if constexpr (!HALOGRAPH_GPU || N == 1) {
    store(to, a);
  } else if constexpr (N * sizeof(T) > 16) {
    store_aligned(to, a.low);
    store_aligned(to + N / 2, a.high);
  } else {
    reinterpret_cast<AlignedPack<T, N>*>(to)->pack = a;
  }
}

/// The lanes one by one, for arrays in registers.
template <class T, int N>
HALOGRAPH_FN void unpack(T* to, Pack<T, N> a) {
  if constexpr (N == 1) {
    *to = a.value;
  } else {
    unpack(to, a.low);
    unpack(to + N / 2, a.high);
  }
}
template <int N, class T>
HALOGRAPH_FN Pack<T, N> pack_up(const T* from) {
  if constexpr (N == 1) return Pack<T, 1>(*from);
  else return Pack<T, N>::join(pack_up<N / 2>(from), pack_up<N / 2>(from + N / 2));
}

/// Four numbers at a multiple of 16 bytes of memory that no kernel writes at the time. nvcc takes plain loads apart
/// where another branch loads the same numbers one by one.
template <class T>
HALOGRAPH_FN Pack<T, 4> load_unchanging(const T* from) {
#if defined(__CUDA_ARCH__)
  if constexpr (sizeof(T) == 4) {
    const float4 a = __ldg(reinterpret_cast<const float4*>(from));
    const T lane[4] = {a.x, a.y, a.z, a.w};
    return pack_up<4>(lane);
  } else {
    const double2 a = __ldg(reinterpret_cast<const double2*>(from)),
                  b = __ldg(reinterpret_cast<const double2*>(from) + 1);
    const T lane[4] = {a.x, a.y, b.x, b.y};
    return pack_up<4>(lane);
  }
#else
  return load_aligned<4>(from);
#endif
}

/// The first `count` of four numbers that no kernel writes at the time, the others `filler`. `aligned`: whether the
/// first one is at a multiple of 16 bytes.
template <class T>
HALOGRAPH_FN Pack<T, 4> load_quad(const T* from, int count, bool aligned, T filler) {
  if (aligned && count >= 4) return load_unchanging(from);
  T lane[4];
  HALOGRAPH_UNROLL
  for (int i = 0; i < 4; ++i) lane[i] = i < count ? from[i] : filler;
  return pack_up<4>(lane);
}
template <class T>
HALOGRAPH_FN void store_quad(T* to, Pack<T, 4> a, int count, bool aligned) {
  if (aligned && count >= 4) return store_aligned(to, a);
  T lane[4];
  unpack(lane, a);
  HALOGRAPH_UNROLL
  for (int i = 0; i < 4; ++i)
    if (i < count) to[i] = lane[i];
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
