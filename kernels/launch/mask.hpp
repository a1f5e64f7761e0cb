// SPDX-License-Identifier: BSD-3-Clause
// How packs and masks hold their lanes, and Mask<T, W>: W truth values, one for each lane of a Pack<T, W>.
#pragma once

#include "kernels/launch/native.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Whether W numbers of T are held in one register.
template <class T, int W>
inline constexpr bool fits_register = W == 1 || W* static_cast<int>(sizeof(T)) <= native_bytes;

struct Nothing {};

template <class T, int W, bool fits = fits_register<T, W>>
struct PartType {
  using type = Nothing;
};
template <class T, int W>
struct PartType<T, W, true> {
  using type = typename VectorOf<T, W>::type;
};
/// The register that holds W numbers of T; Nothing where they need more than one.
template <class T, int W>
using PartOf = typename PartType<T, W>::type;

/// Either `value`, one register, or `low` and `high` of half the width. Recursion and not an array, because
/// compilers keep nested members in registers, but not array elements.
template <template <class, int> class Whole, class T, int W, bool fits = fits_register<T, W>>
struct Lanes {
  Whole<T, W / 2> low, high;
};
template <template <class, int> class Whole, class T, int W>
struct Lanes<Whole, T, W, true> {
  PartOf<T, W> value;
};

/// A mask over lanes held as integers: all bits set where true (1 where a register holds one lane).
template <class Integer, int W>
struct LaneMask : Lanes<LaneMask, Integer, W> {
  using Part = PartOf<Integer, W>;
  using Half = LaneMask<Integer, W / 2>;
  static constexpr bool native = fits_register<Integer, W>;

  static HALOGRAPH_FN LaneMask of(Part part) {
    LaneMask a;
    a.value = part;
    return a;
  }
  static HALOGRAPH_FN LaneMask join(Half low, Half high) {
    LaneMask a;
    a.low = low;
    a.high = high;
    return a;
  }

  friend HALOGRAPH_FN LaneMask operator&(LaneMask a, LaneMask b) {
    if constexpr (!native) return join(a.low & b.low, a.high & b.high);
    else return of(a.value & b.value);
  }
  friend HALOGRAPH_FN LaneMask operator|(LaneMask a, LaneMask b) {
    if constexpr (!native) return join(a.low | b.low, a.high | b.high);
    else return of(a.value | b.value);
  }
  friend HALOGRAPH_FN LaneMask operator!(LaneMask a) {
    if constexpr (!native) return join(!a.low, !a.high);
    else return of(a.value == 0);
  }
};

/// Mask<float, W> and Mask<std::int32_t, W> are the same type, and so are those of 8 bytes.
template <class T, int W>
using Mask = LaneMask<typename IntegerOf<sizeof(T)>::Signed, W>;

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
