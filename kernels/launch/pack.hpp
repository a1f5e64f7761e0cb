// SPDX-License-Identifier: BSD-3-Clause
// Pack<T, W>: W adjacent columns that a kernel body treats as one number. On the host it is one native vector
// register, or two packs of half the width where W is wider than a register; on a GPU it ends in plain numbers.
// Every operation is an IEEE operation lane by lane, so the bits of a lane depend on neither W nor the back end.
// (Only the sign and payload of a NaN may differ.) Sums over lanes go through fold(), whose order is fixed.
#pragma once

#include "kernels/launch/mask.hpp"

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Whether W numbers of T are the 16 bytes that a GPU moves at once, from an address that is a multiple of 16.
template <class T, int W>
inline constexpr bool is_quad = HALOGRAPH_GPU&& W > 1 && W * sizeof(T) == 16;
HALOGRAPH_FN bool is_quad_aligned(const void* address) { return (reinterpret_cast<std::uintptr_t>(address) & 15) == 0; }
template <class P>
struct alignas(16) QuadOf {
  P pack;
};
/// Nothing, at the end of a branch that stores a quad: nvcc would merge it with the one that stores number by number.
HALOGRAPH_FN void keep_apart() { asm volatile(""); }

/// W numbers of T (float, double, int32_t, int64_t), W in {1, 2, 4, 8, 16}. Integers wrap around; >> keeps
/// the sign. A single T converts to a pack of equal lanes.
template <class T, int W>
struct Pack : Lanes<Pack, T, W> {
  using Integer = typename IntegerOf<sizeof(T)>::Signed;
  using Part = PartOf<T, W>;
  using Unsigned = PartOf<typename IntegerOf<sizeof(T)>::Unsigned, W>;
  using Half = Pack<T, W / 2>;
  static constexpr bool native = fits_register<T, W>;
  static constexpr bool has_extremes = is_real<T> && W * int(sizeof(T)) >= 32;

  Pack() = default;
  HALOGRAPH_FN Pack(T number) {
    if constexpr (native) this->value = number - Part{};  // not +: the sign of -0 stays
    else this->low = this->high = Half(number);
  }
  static HALOGRAPH_FN Pack of(Part part) {
    Pack a;
    a.value = part;
    return a;
  }
  static HALOGRAPH_FN Pack join(Half low, Half high) {
    Pack a;
    a.low = low;
    a.high = high;
    return a;
  }

  friend HALOGRAPH_FN Pack operator+(Pack a, Pack b) {
    if constexpr (!native) return join(a.low + b.low, a.high + b.high);
    else if constexpr (is_real<T>) return of(rounded_add(a.value, b.value));
    else return of((Part)((Unsigned)a.value + (Unsigned)b.value));
  }
  friend HALOGRAPH_FN Pack operator-(Pack a, Pack b) {
    if constexpr (!native) return join(a.low - b.low, a.high - b.high);
    else if constexpr (is_real<T>) return of(rounded_add(a.value, -b.value));
    else return of((Part)((Unsigned)a.value - (Unsigned)b.value));
  }
  friend HALOGRAPH_FN Pack operator*(Pack a, Pack b) {
    if constexpr (!native) return join(a.low * b.low, a.high * b.high);
    else if constexpr (is_real<T>) return of(rounded_multiply(a.value, b.value));
    else return of((Part)((Unsigned)a.value * (Unsigned)b.value));
  }
  friend HALOGRAPH_FN Pack operator/(Pack a, Pack b) {
    static_assert(is_real<T>);
    if constexpr (!native) return join(a.low / b.low, a.high / b.high);
    else return of(rounded_divide(a.value, b.value));
  }
  friend HALOGRAPH_FN Pack operator-(Pack a) {
    if constexpr (!native) return join(-a.low, -a.high);
    else if constexpr (is_real<T>) return of(-a.value);
    else return of((Part)(-(Unsigned)a.value));
  }

  friend HALOGRAPH_FN Mask<T, W> operator<(Pack a, Pack b) {
    if constexpr (!native) return Mask<T, W>::join(a.low < b.low, a.high < b.high);
    else return Mask<T, W>::of(a.value < b.value);
  }
  friend HALOGRAPH_FN Mask<T, W> operator<=(Pack a, Pack b) {
    if constexpr (!native) return Mask<T, W>::join(a.low <= b.low, a.high <= b.high);
    else return Mask<T, W>::of(a.value <= b.value);
  }
  friend HALOGRAPH_FN Mask<T, W> operator==(Pack a, Pack b) {
    if constexpr (!native) return Mask<T, W>::join(a.low == b.low, a.high == b.high);
    else return Mask<T, W>::of(a.value == b.value);
  }
  friend HALOGRAPH_FN Mask<T, W> operator!=(Pack a, Pack b) { return !(a == b); }
  friend HALOGRAPH_FN Mask<T, W> operator>(Pack a, Pack b) { return b < a; }
  friend HALOGRAPH_FN Mask<T, W> operator>=(Pack a, Pack b) { return b <= a; }

  /// a where the mask holds, else b.
  friend HALOGRAPH_FN Pack select(Mask<T, W> m, Pack a, Pack b) {
    if constexpr (!native) return join(select(m.low, a.low, b.low), select(m.high, a.high, b.high));
    else return of(m.value ? a.value : b.value);
  }
  /// select(a < b, a, b): b where a lane of either is NaN.
  friend HALOGRAPH_FN Pack min(Pack a, Pack b) {
    if constexpr (!native) return join(min(a.low, b.low), min(a.high, b.high));
    else if constexpr (has_extremes) return of(smaller(a.value, b.value));
    else return select(a < b, a, b);
  }
  /// select(a < b, b, a): a where a lane of either is NaN.
  friend HALOGRAPH_FN Pack max(Pack a, Pack b) {
    if constexpr (!native) return join(max(a.low, b.low), max(a.high, b.high));
    else if constexpr (has_extremes) return of(larger(a.value, b.value));
    else return select(a < b, b, a);
  }

  /// a * b + c rounded once.
  friend HALOGRAPH_FN Pack fma(Pack a, Pack b, Pack c) {
    static_assert(is_real<T>);
    if constexpr (!native) return join(fma(a.low, b.low, c.low), fma(a.high, b.high, c.high));
    else return of(fused(a.value, b.value, c.value));
  }
  friend HALOGRAPH_FN Pack sqrt(Pack a) {
    static_assert(is_real<T>);
    if constexpr (!native) return join(sqrt(a.low), sqrt(a.high));
    else return of(root(a.value));
  }
  /// |a|, by clearing the sign bit where there is one.
  friend HALOGRAPH_FN Pack abs(Pack a) {
    if constexpr (is_real<T>) return from_bits(to_bits(a) & Pack<Integer, W>(static_cast<Integer>(~sign_bit)));
    else return select(a < Pack(T(0)), -a, a);
  }
  /// |a| with the sign of b.
  friend HALOGRAPH_FN Pack copysign(Pack a, Pack b) {
    return from_bits(to_bits(abs(a)) | (to_bits(b) & Pack<Integer, W>(sign_bit)));
  }

  friend HALOGRAPH_FN Pack operator&(Pack a, Pack b) {
    if constexpr (!native) return join(a.low & b.low, a.high & b.high);
    else return of(a.value & b.value);
  }
  friend HALOGRAPH_FN Pack operator|(Pack a, Pack b) {
    if constexpr (!native) return join(a.low | b.low, a.high | b.high);
    else return of(a.value | b.value);
  }
  friend HALOGRAPH_FN Pack operator^(Pack a, Pack b) {
    if constexpr (!native) return join(a.low ^ b.low, a.high ^ b.high);
    else return of(a.value ^ b.value);
  }
  friend HALOGRAPH_FN Pack operator<<(Pack a, int count) {
    if constexpr (!native) return join(a.low << count, a.high << count);
    else return of((Part)((Unsigned)a.value << count));
  }
  friend HALOGRAPH_FN Pack operator>>(Pack a, int count) {
    if constexpr (!native) return join(a.low >> count, a.high >> count);
    else return of(a.value >> count);
  }

  friend HALOGRAPH_FN void store(T* to, Pack a) {
    if constexpr (native) {
      *reinterpret_cast<typename VectorOf<T, W>::Unaligned*>(to) = a.value;
    } else {
      if constexpr (is_quad<T, W>)
        if (is_quad_aligned(to)) {
          *reinterpret_cast<QuadOf<Pack>*>(to) = QuadOf<Pack>{a};
          keep_apart();
          return;
        }
      store(to, a.low);
      store(to + W / 2, a.high);
    }
  }

 private:
  static constexpr Integer sign_bit = static_cast<Integer>(Integer{1} << (8 * sizeof(T) - 1));
};

/// W numbers from any address that a T may have.
template <int W, class T>
HALOGRAPH_FN Pack<T, W> load(const T* from) {
  if constexpr (Pack<T, W>::native) {
    return Pack<T, W>::of(*reinterpret_cast<const typename VectorOf<T, W>::Unaligned*>(from));
  } else {
    if constexpr (is_quad<T, W>)
      if (is_quad_aligned(from))  // said once more, for nvcc merges the branches and then forgets
        return static_cast<const QuadOf<Pack<T, W>>*>(__builtin_assume_aligned(from, 16))->pack;
    return Pack<T, W>::join(load<W / 2>(from), load<W / 2>(from + W / 2));
  }
}

/// The bits of a pack read as another type of the same size.
template <class To, class T, int W>
HALOGRAPH_FN Pack<To, W> reread(Pack<T, W> a) {
  using Result = Pack<To, W>;
  if constexpr (!Result::native) return Result::join(reread<To>(a.low), reread<To>(a.high));
  else return Result::of(__builtin_bit_cast(typename Result::Part, a.value));
}
template <int W>
HALOGRAPH_FN Pack<std::int32_t, W> to_bits(Pack<float, W> a) {
  return reread<std::int32_t>(a);
}
template <int W>
HALOGRAPH_FN Pack<std::int64_t, W> to_bits(Pack<double, W> a) {
  return reread<std::int64_t>(a);
}
template <int W>
HALOGRAPH_FN Pack<float, W> from_bits(Pack<std::int32_t, W> a) {
  return reread<float>(a);
}
template <int W>
HALOGRAPH_FN Pack<double, W> from_bits(Pack<std::int64_t, W> a) {
  return reread<double>(a);
}

/// Lanes [0, W/2) plus lanes [W/2, W).
template <class T, int W>
HALOGRAPH_FN Pack<T, W / 2> add_halves(Pack<T, W> a) {
  if constexpr (Pack<T, W>::native) {
    T lane[W];
    store(lane, a);
    return load<W / 2>(lane) + load<W / 2>(lane + W / 2);
  } else {
    return a.low + a.high;
  }
}

/// The sum of all lanes along a fixed binary tree: lanes i and i + W/2 first, then i and i + W/4, and so on.
template <class T, int W>
HALOGRAPH_FN T fold(Pack<T, W> a) {
  if constexpr (W == 1) return a.value;
  else return fold(add_halves(a));
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
