// SPDX-License-Identifier: BSD-3-Clause
// Pack<T, W>: W adjacent columns that a kernel body treats as one number. On the host it is made of native
// vector registers (one, or several where W is wider), on a GPU of W plain numbers. Every operation is an IEEE
// operation lane by lane, so the bits of a lane depend on neither W nor the back end. (Only the sign and
// payload of a NaN may differ.) Sums over lanes go through fold(), whose order is fixed.
#pragma once

#include "kernels/launch/native.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Numbers of T per register in a pack of W.
template <class T, int W>
inline constexpr int lanes_per_part = W * static_cast<int>(sizeof(T)) <= native_bytes ? W
                                      : native_bytes > 0 && W > 1 ? native_bytes / static_cast<int>(sizeof(T))
                                                                  : 1;

/// W truth values for elements of Size bytes; Mask<float, W> and Mask<int32_t, W> are the same type.
template <int Size, int W>
struct LaneMask {
  using Integer = typename IntegerOf<Size>::Signed;
  static constexpr int lanes = lanes_per_part<Integer, W>;
  static constexpr int parts = W / lanes;
  template <class Vector, int N>
  struct Storage {
    using type = Vector;
  };
  template <class Vector>
  struct Storage<Vector, 1> {
    using type = bool;
  };
  using Part = typename Storage<typename VectorOf<Integer, lanes>::type, lanes>::type;

  Part part[parts];

  friend HALOGRAPH_FN LaneMask operator&(LaneMask a, LaneMask b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] & b.part[i];
    return a;
  }
  friend HALOGRAPH_FN LaneMask operator|(LaneMask a, LaneMask b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] | b.part[i];
    return a;
  }
  friend HALOGRAPH_FN LaneMask operator!(LaneMask a) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] == 0;
    return a;
  }
};

template <class T, int W>
using Mask = LaneMask<sizeof(T), W>;

/// W numbers of T (float, double, int32_t, int64_t), W in {1, 2, 4, 8, 16}. Integers wrap around; >> keeps
/// the sign. A single T converts to a pack of equal lanes.
template <class T, int W>
struct Pack {
  static constexpr int lanes = lanes_per_part<T, W>;
  static constexpr int parts = W / lanes;
  using Integer = typename IntegerOf<sizeof(T)>::Signed;
  using Part = typename VectorOf<T, lanes>::type;
  using Unsigned = typename VectorOf<typename IntegerOf<sizeof(T)>::Unsigned, lanes>::type;

  Part part[parts];

  Pack() = default;
  HALOGRAPH_FN Pack(T value) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) part[i] = value - Part{};  // not +: the sign of -0 stays
  }

  friend HALOGRAPH_FN Pack operator+(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) {
      if constexpr (is_real<T>) a.part[i] = rounded_add(a.part[i], b.part[i]);
      else a.part[i] = (Part)((Unsigned)a.part[i] + (Unsigned)b.part[i]);
    }
    return a;
  }
  friend HALOGRAPH_FN Pack operator-(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) {
      if constexpr (is_real<T>) a.part[i] = rounded_add(a.part[i], -b.part[i]);
      else a.part[i] = (Part)((Unsigned)a.part[i] - (Unsigned)b.part[i]);
    }
    return a;
  }
  friend HALOGRAPH_FN Pack operator*(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) {
      if constexpr (is_real<T>) a.part[i] = rounded_multiply(a.part[i], b.part[i]);
      else a.part[i] = (Part)((Unsigned)a.part[i] * (Unsigned)b.part[i]);
    }
    return a;
  }
  friend HALOGRAPH_FN Pack operator/(Pack a, Pack b) {
    static_assert(is_real<T>);
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = rounded_divide(a.part[i], b.part[i]);
    return a;
  }
  friend HALOGRAPH_FN Pack operator-(Pack a) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) {
      if constexpr (is_real<T>) a.part[i] = -a.part[i];
      else a.part[i] = (Part)(-(Unsigned)a.part[i]);
    }
    return a;
  }

  friend HALOGRAPH_FN Mask<T, W> operator<(Pack a, Pack b) {
    Mask<T, W> m;
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) m.part[i] = a.part[i] < b.part[i];
    return m;
  }
  friend HALOGRAPH_FN Mask<T, W> operator<=(Pack a, Pack b) {
    Mask<T, W> m;
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) m.part[i] = a.part[i] <= b.part[i];
    return m;
  }
  friend HALOGRAPH_FN Mask<T, W> operator==(Pack a, Pack b) {
    Mask<T, W> m;
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) m.part[i] = a.part[i] == b.part[i];
    return m;
  }
  friend HALOGRAPH_FN Mask<T, W> operator!=(Pack a, Pack b) {
    Mask<T, W> m;
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) m.part[i] = a.part[i] != b.part[i];
    return m;
  }
  friend HALOGRAPH_FN Mask<T, W> operator>(Pack a, Pack b) { return b < a; }
  friend HALOGRAPH_FN Mask<T, W> operator>=(Pack a, Pack b) { return b <= a; }

  /// a where the mask holds, else b.
  friend HALOGRAPH_FN Pack select(Mask<T, W> m, Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = m.part[i] ? a.part[i] : b.part[i];
    return a;
  }
  /// b where a lane is NaN, for min and max both.
  friend HALOGRAPH_FN Pack min(Pack a, Pack b) { return select(a < b, a, b); }
  friend HALOGRAPH_FN Pack max(Pack a, Pack b) { return select(a < b, b, a); }

  /// a * b + c rounded once.
  friend HALOGRAPH_FN Pack fma(Pack a, Pack b, Pack c) {
    static_assert(is_real<T>);
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) c.part[i] = fused(a.part[i], b.part[i], c.part[i]);
    return c;
  }
  friend HALOGRAPH_FN Pack sqrt(Pack a) {
    static_assert(is_real<T>);
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = root(a.part[i]);
    return a;
  }

  friend HALOGRAPH_FN Pack operator&(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] & b.part[i];
    return a;
  }
  friend HALOGRAPH_FN Pack operator|(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] | b.part[i];
    return a;
  }
  friend HALOGRAPH_FN Pack operator^(Pack a, Pack b) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] ^ b.part[i];
    return a;
  }
  friend HALOGRAPH_FN Pack operator<<(Pack a, int count) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = (Part)((Unsigned)a.part[i] << count);
    return a;
  }
  friend HALOGRAPH_FN Pack operator>>(Pack a, int count) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) a.part[i] = a.part[i] >> count;
    return a;
  }

  /// The same bits read as integers, and back.
  friend HALOGRAPH_FN Pack<Integer, W> to_bits(Pack a) { return __builtin_bit_cast(Pack<Integer, W>, a); }

  friend HALOGRAPH_FN void store(T* to, Pack a) {
    using Unaligned = typename VectorOf<T, lanes>::Unaligned;
    HALOGRAPH_UNROLL
    for (int i = 0; i < parts; ++i) *reinterpret_cast<Unaligned*>(to + i * lanes) = a.part[i];
  }
};

/// W numbers from any address that a T may have.
template <int W, class T>
HALOGRAPH_FN Pack<T, W> load(const T* from) {
  using P = Pack<T, W>;
  using Unaligned = typename VectorOf<T, P::lanes>::Unaligned;
  P a;
  HALOGRAPH_UNROLL
  for (int i = 0; i < P::parts; ++i) a.part[i] = *reinterpret_cast<const Unaligned*>(from + i * P::lanes);
  return a;
}

template <int W>
HALOGRAPH_FN Pack<float, W> from_bits(Pack<std::int32_t, W> a) {
  return __builtin_bit_cast(Pack<float, W>, a);
}
template <int W>
HALOGRAPH_FN Pack<double, W> from_bits(Pack<std::int64_t, W> a) {
  return __builtin_bit_cast(Pack<double, W>, a);
}

/// |a|, by clearing the sign bit.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> abs(Pack<T, W> a) {
  using Integer = typename Pack<T, W>::Integer;
  if constexpr (is_real<T>) return from_bits(to_bits(a) & Pack<Integer, W>(static_cast<Integer>(~(Integer{1} << (8 * sizeof(T) - 1)))));
  else return select(a < Pack<T, W>(0), -a, a);
}

/// |a| with the sign of b.
template <class T, int W>
HALOGRAPH_FN Pack<T, W> copysign(Pack<T, W> a, Pack<T, W> b) {
  using Integers = Pack<typename Pack<T, W>::Integer, W>;
  const Integers sign = Integers(1) << (8 * static_cast<int>(sizeof(T)) - 1);
  return from_bits(to_bits(abs(a)) | (to_bits(b) & sign));
}

/// Lanes [0, W/2) plus lanes [W/2, W).
template <class T, int W>
HALOGRAPH_FN Pack<T, W / 2> add_halves(Pack<T, W> a) {
  T lane[W];
  store(lane, a);
  return load<W / 2>(lane) + load<W / 2>(lane + W / 2);
}

/// The sum of all lanes along a fixed binary tree: lanes i and i + W/2 first, then i and i + W/4, and so on.
template <class T, int W>
HALOGRAPH_FN T fold(Pack<T, W> a) {
  if constexpr (W == 1) {
    T sum;
    store(&sum, a);
    return sum;
  } else {
    return fold(add_halves(a));
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
