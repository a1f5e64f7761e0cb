// SPDX-License-Identifier: BSD-3-Clause
// One native vector register, or one number: the arithmetic that Pack is made of. Every operation rounds as
// IEEE 754 says, once, on every compiler; nothing here is contracted into an fma unless it is called fma. The
// differences between compilers and instruction sets end in this file. Host code needs -ffp-contract=off
// and, for inline square roots, -fno-math-errno.
#pragma once

#include <cstdint>

#include "kernels/launch/qualifiers.hpp"

#if !HALOGRAPH_ON_BLOCKS && defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__clang__)
#pragma clang fp contract(off)
#endif

namespace halograph::kernels::HALOGRAPH_BACKEND {

#if HALOGRAPH_ON_BLOCKS
inline constexpr int native_bytes = 0;
#elif defined(__AVX512F__)
inline constexpr int native_bytes = 64;
#elif defined(__AVX__)
inline constexpr int native_bytes = 32;
#else
inline constexpr int native_bytes = 16;
#endif

template <class T>
inline constexpr bool is_real = false;
template <>
inline constexpr bool is_real<float> = true;
template <>
inline constexpr bool is_real<double> = true;

/// The signed and unsigned integers of `Size` bytes.
template <int Size>
struct IntegerOf {
  using Signed = std::int32_t;
  using Unsigned = std::uint32_t;
};
template <>
struct IntegerOf<8> {
  using Signed = std::int64_t;
  using Unsigned = std::uint64_t;
};

/// N numbers in one register; a plain number for N == 1.
template <class T, int N>
struct VectorOf;
template <class T>
struct VectorOf<T, 1> {
  using type = T;
  using Unaligned = T;
};

HALOGRAPH_FN float rounded_add(float a, float b) {
#ifdef __CUDA_ARCH__
  return __fadd_rn(a, b);
#else
  return a + b;
#endif
}
HALOGRAPH_FN double rounded_add(double a, double b) {
#ifdef __CUDA_ARCH__
  return __dadd_rn(a, b);
#else
  return a + b;
#endif
}
HALOGRAPH_FN float rounded_multiply(float a, float b) {
#ifdef __CUDA_ARCH__
  return __fmul_rn(a, b);
#else
  return a * b;
#endif
}
HALOGRAPH_FN double rounded_multiply(double a, double b) {
#ifdef __CUDA_ARCH__
  return __dmul_rn(a, b);
#else
  return a * b;
#endif
}
HALOGRAPH_FN float rounded_divide(float a, float b) {
#ifdef __CUDA_ARCH__
  return __fdiv_rn(a, b);
#else
  return a / b;
#endif
}
HALOGRAPH_FN double rounded_divide(double a, double b) { return a / b; }

#if HALOGRAPH_GPU
HALOGRAPH_FN float fused(float a, float b, float c) { return ::fmaf(a, b, c); }
HALOGRAPH_FN double fused(double a, double b, double c) { return ::fma(a, b, c); }
HALOGRAPH_FN float root(float a) {
#ifdef __CUDA_ARCH__
  return __fsqrt_rn(a);
#else
  return ::sqrtf(a);
#endif
}
HALOGRAPH_FN double root(double a) { return ::sqrt(a); }
#else
HALOGRAPH_FN float fused(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
HALOGRAPH_FN double fused(double a, double b, double c) { return __builtin_fma(a, b, c); }
HALOGRAPH_FN float root(float a) { return __builtin_sqrtf(a); }
HALOGRAPH_FN double root(double a) { return __builtin_sqrt(a); }
#endif

#if !HALOGRAPH_ON_BLOCKS
template <class T, int N>
struct VectorOf {
  typedef T type __attribute__((vector_size(sizeof(T) * N)));
  typedef T Unaligned __attribute__((vector_size(sizeof(T) * N), aligned(alignof(T)), may_alias));
};

template <class V>
HALOGRAPH_FN V rounded_add(V a, V b) {
  return a + b;
}
template <class V>
HALOGRAPH_FN V rounded_multiply(V a, V b) {
  return a * b;
}
template <class V>
HALOGRAPH_FN V rounded_divide(V a, V b) {
  return a / b;
}

template <class V>
HALOGRAPH_FN V fused(V a, V b, V c) {
  for (unsigned i = 0; i < sizeof(V) / sizeof(a[0]); ++i) c[i] = fused(a[i], b[i], c[i]);
  return c;
}
template <class V>
HALOGRAPH_FN V root(V a) {
  for (unsigned i = 0; i < sizeof(V) / sizeof(a[0]); ++i) a[i] = root(a[i]);
  return a;
}

template <class T, int N>
using Vector = typename VectorOf<T, N>::type;

#ifdef __SSE2__
HALOGRAPH_FN Vector<float, 4> root(Vector<float, 4> a) { return _mm_sqrt_ps(a); }
HALOGRAPH_FN Vector<double, 2> root(Vector<double, 2> a) { return _mm_sqrt_pd(a); }
#endif
#ifdef __AVX__
HALOGRAPH_FN Vector<float, 8> root(Vector<float, 8> a) { return _mm256_sqrt_ps(a); }
HALOGRAPH_FN Vector<double, 4> root(Vector<double, 4> a) { return _mm256_sqrt_pd(a); }
// a < b ? b : a and a < b ? a : b: the instructions return their second operand where a lane of either is NaN.
HALOGRAPH_FN Vector<float, 8> larger(Vector<float, 8> a, Vector<float, 8> b) { return _mm256_max_ps(b, a); }
HALOGRAPH_FN Vector<double, 4> larger(Vector<double, 4> a, Vector<double, 4> b) { return _mm256_max_pd(b, a); }
HALOGRAPH_FN Vector<float, 8> smaller(Vector<float, 8> a, Vector<float, 8> b) { return _mm256_min_ps(a, b); }
HALOGRAPH_FN Vector<double, 4> smaller(Vector<double, 4> a, Vector<double, 4> b) { return _mm256_min_pd(a, b); }
#endif
#ifdef __FMA__
HALOGRAPH_FN Vector<float, 4> fused(Vector<float, 4> a, Vector<float, 4> b, Vector<float, 4> c) {
  return _mm_fmadd_ps(a, b, c);
}
HALOGRAPH_FN Vector<double, 2> fused(Vector<double, 2> a, Vector<double, 2> b, Vector<double, 2> c) {
  return _mm_fmadd_pd(a, b, c);
}
HALOGRAPH_FN Vector<float, 8> fused(Vector<float, 8> a, Vector<float, 8> b, Vector<float, 8> c) {
  return _mm256_fmadd_ps(a, b, c);
}
HALOGRAPH_FN Vector<double, 4> fused(Vector<double, 4> a, Vector<double, 4> b, Vector<double, 4> c) {
  return _mm256_fmadd_pd(a, b, c);
}
#endif
#ifdef __AVX512F__
// The masked form, all lanes on: g++ 12 warns of an uninitialised register in its own unmasked one.
HALOGRAPH_FN Vector<float, 16> root(Vector<float, 16> a) { return _mm512_maskz_sqrt_ps(-1, a); }
HALOGRAPH_FN Vector<double, 8> root(Vector<double, 8> a) { return _mm512_maskz_sqrt_pd(-1, a); }
HALOGRAPH_FN Vector<float, 16> larger(Vector<float, 16> a, Vector<float, 16> b) {
  return _mm512_maskz_max_ps(-1, b, a);
}
HALOGRAPH_FN Vector<double, 8> larger(Vector<double, 8> a, Vector<double, 8> b) {
  return _mm512_maskz_max_pd(-1, b, a);
}
HALOGRAPH_FN Vector<float, 16> smaller(Vector<float, 16> a, Vector<float, 16> b) {
  return _mm512_maskz_min_ps(-1, a, b);
}
HALOGRAPH_FN Vector<double, 8> smaller(Vector<double, 8> a, Vector<double, 8> b) {
  return _mm512_maskz_min_pd(-1, a, b);
}
HALOGRAPH_FN Vector<float, 16> fused(Vector<float, 16> a, Vector<float, 16> b, Vector<float, 16> c) {
  return _mm512_fmadd_ps(a, b, c);
}
HALOGRAPH_FN Vector<double, 8> fused(Vector<double, 8> a, Vector<double, 8> b, Vector<double, 8> c) {
  return _mm512_fmadd_pd(a, b, c);
}
#endif
#endif

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
