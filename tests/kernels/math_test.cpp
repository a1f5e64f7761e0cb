// SPDX-License-Identifier: BSD-3-Clause
// The transcendental functions of the kernels against the long double functions of the C library, at special
// values, and bit by bit: the same for every pack width, and a stored hash that every instruction set, compiler
// and device must reproduce. To be compiled once for each back end of the host.
#include "kernels/launch/math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace kernels = halograph::kernels::HALOGRAPH_BACKEND;
using kernels::Pack;

/// What gives 0 instead of results below a bound says how large that is.
struct KeepsAll {
  template <class T>
  static constexpr T least = 0;
};
struct KeepsNormal {
  template <class T>
  static constexpr T least = std::numeric_limits<T>::min();
};
struct Fades {
  template <class T>
  static constexpr T least = sizeof(T) == 4 ? T(0x1p-63) : T(0x1p-511);
};

struct Exp : KeepsNormal {
  static constexpr const char* name = "exp";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x6199d9f3eef44c09, hash_f64 = 0x3ff00dab2a8d2d06;
  template <class P>
  static P apply(P x) {
    return exp(x);
  }
  static long double exact(long double x) { return std::exp(x); }
};
/// Of minus the magnitude: its arguments are not positive.
struct FadingExp : Fades {
  static constexpr const char* name = "fading_exp";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x291a8588001434e3, hash_f64 = 0x10d561ae09cefc2b;
  template <class P>
  static P apply(P x) {
    return fading_exp(-abs(x));
  }
  static long double exact(long double x) { return std::exp(-std::fabs(x)); }
};
struct Expm1 : KeepsAll {
  static constexpr const char* name = "expm1";
  static constexpr double bound = 2;
  static constexpr std::uint64_t hash_f32 = 0x44d17e784fe515c9, hash_f64 = 0x8b465c518a620644;
  template <class P>
  static P apply(P x) {
    return expm1(x);
  }
  static long double exact(long double x) { return std::expm1(x); }
};
/// What ELU makes of expm1_of_negative.
struct Elu : KeepsAll {
  static constexpr const char* name = "elu";
  static constexpr double bound = 2;
  static constexpr std::uint64_t hash_f32 = 0x23a0bb3c471f445f, hash_f64 = 0x58cff7b578335e97;
  template <class P>
  static P apply(P x) {
    return select(x < P(0), expm1_of_negative(x), x);
  }
  static long double exact(long double x) { return x < 0 ? std::expm1(x) : x; }
};
struct Log : KeepsAll {
  static constexpr const char* name = "log";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x320b2b729182f9de, hash_f64 = 0x230ce341a1114718;
  template <class P>
  static P apply(P x) {
    return log(x);
  }
  static long double exact(long double x) { return std::log(x); }
};
struct Log1p : KeepsAll {
  static constexpr const char* name = "log1p";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x12ab00e03b9ef54b, hash_f64 = 0xa0f2bd4919783919;
  template <class P>
  static P apply(P x) {
    return log1p(x);
  }
  static long double exact(long double x) { return std::log1p(x); }
};
struct Tanh : KeepsAll {
  static constexpr const char* name = "tanh";
  static constexpr double bound = 3;
  static constexpr std::uint64_t hash_f32 = 0x9850b5adb77c0ed5, hash_f64 = 0xdab63e1a84658c15;
  template <class P>
  static P apply(P x) {
    return tanh(x);
  }
  static long double exact(long double x) { return std::tanh(x); }
};
struct Sigmoid : Fades {
  static constexpr const char* name = "sigmoid";
  static constexpr double bound = 3;
  static constexpr std::uint64_t hash_f32 = 0x38dbdcf78e0f8ab1, hash_f64 = 0xb090cb201ed40a72;
  template <class P>
  static P apply(P x) {
    return sigmoid(x);
  }
  static long double exact(long double x) { return 1 / (1 + std::exp(-x)); }
};
struct Softplus : Fades {
  static constexpr const char* name = "softplus";
  static constexpr double bound = 2;
  static constexpr std::uint64_t hash_f32 = 0x865f498dd9b3bcad, hash_f64 = 0x94eaaaed40161f73;
  template <class P>
  static P apply(P x) {
    return softplus(x);
  }
  static long double exact(long double x) { return (x > 0 ? x : 0) + std::log1p(std::exp(-std::fabs(x))); }
};
struct Erf : KeepsAll {
  static constexpr const char* name = "erf";
  static constexpr double bound = 2;
  static constexpr std::uint64_t hash_f32 = 0x5ef2cb2cd17f8ab3, hash_f64 = 0x59a359be80fdcf68;
  template <class P>
  static P apply(P x) {
    return erf(x);
  }
  static long double exact(long double x) { return std::erf(x); }
};
struct Sin : KeepsAll {
  static constexpr const char* name = "sin";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x9b51736a80430d70, hash_f64 = 0x1699f826b76f82be;
  template <class P>
  static P apply(P x) {
    return sin(x);
  }
  static long double exact(long double x) {
    return std::fabs(x) <= 1e5L ? std::sin(x) : std::numeric_limits<long double>::quiet_NaN();
  }
};
struct Cos : KeepsAll {
  static constexpr const char* name = "cos";
  static constexpr double bound = 1;
  static constexpr std::uint64_t hash_f32 = 0x0f7ddf29fcb5fdb9, hash_f64 = 0x0aff993df71fb742;
  template <class P>
  static P apply(P x) {
    return cos(x);
  }
  static long double exact(long double x) {
    return std::fabs(x) <= 1e5L ? std::cos(x) : std::numeric_limits<long double>::quiet_NaN();
  }
};

template <class F, class Number>
struct Of {
  using Function = F;
  using T = Number;
};

template <class T>
using BitsOf = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// Bits of a number, all NaN made one.
template <class T>
BitsOf<T> bits(T x) {
  if (std::isnan(x)) x = std::numeric_limits<T>::quiet_NaN();
  BitsOf<T> b;
  std::memcpy(&b, &x, sizeof b);
  return b;
}

std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Arguments, a multiple of 16 of them: special values, all magnitudes and signs (random bits), and even spreads over
/// the ranges in which the functions do something. No library function takes part, so the set is fixed.
template <class T>
std::vector<T> arguments(int n_each) {
  using L = std::numeric_limits<T>;
  const T specials[] = {0,         1,           L::min(),     L::denorm_min(), L::max(),   L::infinity(),
                        T(1e5),    T(0.875),    L::epsilon(), L::quiet_NaN(),  T(0.34657), T(88.72284),
                        T(103.98), T(709.7828), T(745.14),    T(0.70710678)};
  std::vector<T> x;
  for (const T s : specials) {
    x.push_back(s);
    x.push_back(-s);
  }
  std::uint64_t state = 1;
  for (int i = 0; i < n_each; ++i) {
    const auto random = static_cast<BitsOf<T>>(next_random(state));
    T value;
    std::memcpy(&value, &random, sizeof value);
    x.push_back(value);
  }
  for (const double range : {0.01, 1.0, 2.0, 8.0, 120.0, 800.0, 1e5}) {
    for (int i = 0; i < n_each; ++i) {
      const double unit = static_cast<double>(static_cast<std::int64_t>(next_random(state)) >> 11) * 0x1p-52;
      x.push_back(static_cast<T>(unit * range));
    }
  }
  // Floating point numbers near multiples of pi/2, where sin and cos lose their leading digits.
  for (int i = 0; i < n_each; ++i) {
    const auto multiple = static_cast<double>(next_random(state) % 63662);
    x.push_back(static_cast<T>(multiple * 1.5707963267948966));
  }
  while (x.size() % 16 != 0) x.push_back(1);
  return x;
}

template <class F, int W, class T>
std::vector<T> apply(const std::vector<T>& x) {
  std::vector<T> y(x.size());
  for (std::size_t i = 0; i < x.size(); i += W) store(&y[i], F::apply(kernels::load<W>(&x[i])));
  return y;
}

/// |y - exact| in units in the last place of exact (rounded to T).
template <class T>
double ulps(T y, long double exact) {
  using L = std::numeric_limits<T>;
  if (std::isnan(exact) || std::isnan(y)) return std::isnan(exact) && std::isnan(y) ? 0 : L::infinity();
  const T nearest = static_cast<T>(exact);
  if (std::isinf(nearest)) return y == nearest || std::fabs(y) == L::max() ? (y == nearest ? 0 : 1) : L::infinity();
  if (std::isinf(y)) return std::fabs(nearest) == L::max() ? 1 : L::infinity();
  const T magnitude = std::fabs(nearest);
  const long double unit = magnitude < L::min() ? static_cast<long double>(L::denorm_min())
                                                : std::ldexp(1.0L, std::ilogb(magnitude) - L::digits + 1);
  return static_cast<double>(std::fabs(static_cast<long double>(y) - exact) / unit);
}

template <class T>
std::uint64_t hash(const std::vector<T>& values) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const T v : values) h = (h ^ bits(v)) * 0x100000001b3u;
  return h;
}

template <class Case>
class MathTest : public testing::Test {};

using Cases =
    testing::Types<Of<Exp, float>, Of<FadingExp, float>, Of<FadingExp, double>, Of<Expm1, float>, Of<Elu, float>,
                   Of<Log, float>, Of<Log1p, float>, Of<Tanh, float>, Of<Sigmoid, float>, Of<Softplus, float>,
                   Of<Erf, float>, Of<Sin, float>, Of<Cos, float>, Of<Exp, double>, Of<Expm1, double>, Of<Elu, double>,
                   Of<Log, double>, Of<Log1p, double>, Of<Tanh, double>, Of<Sigmoid, double>, Of<Softplus, double>,
                   Of<Erf, double>, Of<Sin, double>, Of<Cos, double>>;
TYPED_TEST_SUITE(MathTest, Cases);

TYPED_TEST(MathTest, StaysWithinItsBound) {
  using F = typename TypeParam::Function;
  using T = typename TypeParam::T;
  const auto x = arguments<T>(40000);
  const auto y = apply<F, 16>(x);
  double worst = 0;
  T where = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double exact = F::exact(x[i]);
    constexpr long double least = F::template least<T>;
    if (std::fabs(exact) < least && least > 0) {
      EXPECT_EQ(y[i], 0) << F::name << "(" << x[i] << ")";
      continue;
    }
    if (y[i] == 0 && exact < least * (1 + 1e-5L)) continue;  // the bound of arguments is rounded
    const double error = ulps(y[i], exact);
    if (error > worst) {
      worst = error;
      where = x[i];
    }
  }
  std::printf("%s %s: max %.3f ulp at %.17g\n", F::name, sizeof(T) == 4 ? "f32" : "f64", worst,
              static_cast<double>(where));
  EXPECT_LE(worst, F::bound) << F::name << "(" << where << ")";
}

TYPED_TEST(MathTest, HasTheSameBitsForEveryWidth) {
  using F = typename TypeParam::Function;
  using T = typename TypeParam::T;
  const auto x = arguments<T>(3000);
  const auto reference = apply<F, 1>(x);
  const std::vector<T> others[] = {apply<F, 2>(x), apply<F, 4>(x), apply<F, 8>(x), apply<F, 16>(x)};
  for (const auto& y : others) {
    for (std::size_t i = 0; i < x.size(); ++i)
      ASSERT_EQ(bits(y[i]), bits(reference[i])) << F::name << "(" << x[i] << ")";
  }
}

TYPED_TEST(MathTest, HasTheBitsOfEveryOtherBackEnd) {
  using F = typename TypeParam::Function;
  using T = typename TypeParam::T;
  const auto x = arguments<T>(3000);
  const std::uint64_t found = hash(apply<F, 8>(x));
  const std::uint64_t expected = sizeof(T) == 4 ? F::hash_f32 : F::hash_f64;
  std::printf("%s %s: hash 0x%016llx\n", F::name, sizeof(T) == 4 ? "f32" : "f64",
              static_cast<unsigned long long>(found));
  EXPECT_EQ(found, expected) << F::name;
}

template <class T>
class SpecialValues : public testing::Test {
 protected:
  using L = std::numeric_limits<T>;
  using P = Pack<T, 4>;

  static T lane(P a) {
    T lanes[4];
    store(lanes, a);
    return lanes[2];
  }
  static void expect_bits(P found, T expected) { EXPECT_EQ(bits(lane(found)), bits(expected)) << lane(found); }
};
using PackNumbers = testing::Types<float, double>;
TYPED_TEST_SUITE(SpecialValues, PackNumbers);

TYPED_TEST(SpecialValues, OfExponentials) {
  using T = TypeParam;
  using P = typename TestFixture::P;
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  for (const T zero : {T(0), -T(0)}) {
    this->expect_bits(exp(P(zero)), 1);
    this->expect_bits(expm1(P(zero)), zero);
    this->expect_bits(tanh(P(zero)), zero);
    this->expect_bits(sigmoid(P(zero)), T(0.5));
  }
  for (const T big : {std::numeric_limits<T>::max(), infinity}) {
    this->expect_bits(exp(P(big)), infinity);
    this->expect_bits(exp(P(-big)), 0);
    this->expect_bits(expm1(P(big)), infinity);
    this->expect_bits(expm1(P(-big)), -1);
    this->expect_bits(tanh(P(big)), 1);
    this->expect_bits(tanh(P(-big)), -1);
    this->expect_bits(sigmoid(P(big)), 1);
    this->expect_bits(sigmoid(P(-big)), 0);
  }
  for (const T bad : {nan, -nan}) {
    this->expect_bits(exp(P(bad)), nan);
    this->expect_bits(expm1(P(bad)), nan);
    this->expect_bits(tanh(P(bad)), nan);
    this->expect_bits(sigmoid(P(bad)), nan);
  }
  // Where results begin to be 0, and what fading_exp makes of arguments that are not its own.
  const T normal = sizeof(T) == 4 ? T(-87.3) : T(-708.3), denormal = sizeof(T) == 4 ? T(-87.4) : T(-708.4);
  const T shown = sizeof(T) == 4 ? T(-43.6) : T(-354.1), faint = sizeof(T) == 4 ? T(-43.7) : T(-354.2);
  EXPECT_GE(this->lane(exp(P(normal))), std::numeric_limits<T>::min());
  this->expect_bits(exp(P(denormal)), 0);
  this->expect_bits(fading_exp(P(shown)), this->lane(exp(P(shown))));
  this->expect_bits(fading_exp(P(faint)), 0);
  this->expect_bits(fading_exp(P(-infinity)), 0);
  this->expect_bits(fading_exp(P(T(0))), 1);
  this->expect_bits(fading_exp(P(T(3))), 1);
  this->expect_bits(fading_exp(P(nan)), nan);
  this->expect_bits(sigmoid(P(faint)), 0);
  this->expect_bits(softplus(P(faint)), 0);
  const T root = sizeof(T) == 4 ? T(0x1p-63) : T(0x1p-511);
  this->expect_bits(kernels::squared(P(root)), std::numeric_limits<T>::min());
  this->expect_bits(kernels::squared(P(-root * T(0.99))), 0);
  const T tiny = std::numeric_limits<T>::denorm_min();
  this->expect_bits(expm1(P(3 * tiny)), 3 * tiny);
  this->expect_bits(tanh(P(-3 * tiny)), -3 * tiny);
}

TYPED_TEST(SpecialValues, OfLogarithms) {
  using T = TypeParam;
  using P = typename TestFixture::P;
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  this->expect_bits(log(P(1)), 0);
  this->expect_bits(log(P(T(0))), -infinity);
  this->expect_bits(log(P(-T(0))), -infinity);
  this->expect_bits(log(P(infinity)), infinity);
  for (const T bad : {T(-1), -std::numeric_limits<T>::denorm_min(), -infinity, nan})
    this->expect_bits(log(P(bad)), nan);
  this->expect_bits(log1p(P(T(0))), 0);
  this->expect_bits(log1p(P(-T(0))), -T(0));
  this->expect_bits(log1p(P(T(-1))), -infinity);
  this->expect_bits(log1p(P(infinity)), infinity);
  for (const T bad : {T(-1.5), -infinity, nan}) this->expect_bits(log1p(P(bad)), nan);
  const T tiny = std::numeric_limits<T>::denorm_min();
  this->expect_bits(log1p(P(-3 * tiny)), -3 * tiny);
  this->expect_bits(softplus(P(infinity)), infinity);
  this->expect_bits(softplus(P(-infinity)), 0);
  this->expect_bits(softplus(P(nan)), nan);
}

TYPED_TEST(SpecialValues, OfErfSinCos) {
  using T = TypeParam;
  using P = typename TestFixture::P;
  const T infinity = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const T tiny = std::numeric_limits<T>::denorm_min();
  for (const T zero : {T(0), -T(0)}) {
    this->expect_bits(erf(P(zero)), zero);
    this->expect_bits(sin(P(zero)), zero);
    this->expect_bits(cos(P(zero)), 1);
  }
  this->expect_bits(erf(P(infinity)), 1);
  this->expect_bits(erf(P(-infinity)), -1);
  this->expect_bits(erf(P(nan)), nan);
  this->expect_bits(sin(P(-3 * tiny)), -3 * tiny);
  for (const T bad : {infinity, -infinity, nan, T(1.1e5)}) {
    this->expect_bits(sin(P(bad)), nan);
    this->expect_bits(cos(P(bad)), nan);
  }
}

}  // namespace
