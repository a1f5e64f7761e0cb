// SPDX-License-Identifier: BSD-3-Clause
// Packs against plain loops over their lanes, for every width. Together with math_test.cpp to be compiled once for
// each back end of the host.
#include "kernels/launch/pack.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

namespace {

namespace kernels = halograph::kernels::HALOGRAPH_BACKEND;
using kernels::Mask;
using kernels::Pack;

template <class Number, int Width>
struct Shape {
  using T = Number;
  static constexpr int W = Width;
};

template <class S>
class PackTest : public testing::Test {
 protected:
  using T = typename S::T;
  static constexpr int W = S::W;
  using P = Pack<T, W>;
  using Array = std::array<T, W>;

  // One element in front: the address has no more alignment than a T.
  static P from(const Array& a) {
    std::array<T, W + 1> shifted;
    for (int i = 0; i < W; ++i) shifted[i + 1] = a[i];
    return kernels::load<W>(&shifted[1]);
  }
  static Array lanes(P p) {
    std::array<T, W + 1> shifted;
    store(&shifted[1], p);
    Array a;
    for (int i = 0; i < W; ++i) a[i] = shifted[i + 1];
    return a;
  }
  template <class F>
  static void expect_lanes(P found, F lane) {
    const Array a = lanes(found);
    for (int i = 0; i < W; ++i) {
      const T expected = lane(i);
      EXPECT_EQ(std::memcmp(&a[i], &expected, sizeof(T)), 0) << "lane " << i << ": " << a[i] << " for " << expected;
    }
  }

  Array x, y, z;
  void SetUp() override {
    for (int i = 0; i < W; ++i) {
      x[i] =
          static_cast<T>((i * 7 + 3) % 11 - 5) / (std::is_floating_point_v<T> ? static_cast<T>(3) : static_cast<T>(1));
      y[i] = static_cast<T>((i * 5 + 1) % 7 - 3);
      z[i] = static_cast<T>(i - 4);
    }
  }
};

template <class S>
class RealPackTest : public PackTest<S> {};

using Shapes = testing::Types<Shape<float, 1>, Shape<float, 2>, Shape<float, 4>, Shape<float, 8>, Shape<float, 16>,
                              Shape<double, 1>, Shape<double, 2>, Shape<double, 4>, Shape<double, 8>, Shape<double, 16>,
                              Shape<std::int32_t, 1>, Shape<std::int32_t, 8>, Shape<std::int32_t, 16>,
                              Shape<std::int64_t, 1>, Shape<std::int64_t, 8>, Shape<std::int64_t, 16>>;
using RealShapes =
    testing::Types<Shape<float, 1>, Shape<float, 2>, Shape<float, 4>, Shape<float, 8>, Shape<float, 16>,
                   Shape<double, 1>, Shape<double, 2>, Shape<double, 4>, Shape<double, 8>, Shape<double, 16>>;
TYPED_TEST_SUITE(PackTest, Shapes);
TYPED_TEST_SUITE(RealPackTest, RealShapes);

TYPED_TEST(PackTest, AddsSubtractsMultipliesNegates) {
  using T = typename TypeParam::T;
  const auto a = this->from(this->x), b = this->from(this->y);
  this->expect_lanes(a + b, [&](int i) { return static_cast<T>(this->x[i] + this->y[i]); });
  this->expect_lanes(a - b, [&](int i) { return static_cast<T>(this->x[i] - this->y[i]); });
  this->expect_lanes(a * b, [&](int i) { return static_cast<T>(this->x[i] * this->y[i]); });
  this->expect_lanes(-a, [&](int i) { return static_cast<T>(-this->x[i]); });
  this->expect_lanes(T(2) * a, [&](int i) { return static_cast<T>(2 * this->x[i]); });
}

TYPED_TEST(PackTest, ComparesAndSelects) {
  using T = typename TypeParam::T;
  const auto a = this->from(this->x), b = this->from(this->y), c = this->from(this->z);
  const auto &x = this->x, &y = this->y, &z = this->z;
  const auto pick = [&](bool m, int i) { return m ? x[i] : y[i]; };
  this->expect_lanes(select(a < b, a, b), [&](int i) { return pick(x[i] < y[i], i); });
  this->expect_lanes(select(a <= b, a, b), [&](int i) { return pick(x[i] <= y[i], i); });
  this->expect_lanes(select(a > b, a, b), [&](int i) { return pick(x[i] > y[i], i); });
  this->expect_lanes(select(a >= b, a, b), [&](int i) { return pick(x[i] >= y[i], i); });
  this->expect_lanes(select(a == b, a, b), [&](int i) { return pick(x[i] == y[i], i); });
  this->expect_lanes(select(a != b, a, b), [&](int i) { return pick(x[i] != y[i], i); });
  this->expect_lanes(select((a < b) & (b < c), a, b), [&](int i) { return pick(x[i] < y[i] && y[i] < z[i], i); });
  this->expect_lanes(select((a < b) | (b < c), a, b), [&](int i) { return pick(x[i] < y[i] || y[i] < z[i], i); });
  this->expect_lanes(select(!(a < b), a, b), [&](int i) { return pick(!(x[i] < y[i]), i); });
  this->expect_lanes(min(a, b), [&](int i) { return x[i] < y[i] ? x[i] : y[i]; });
  this->expect_lanes(max(a, b), [&](int i) { return x[i] < y[i] ? y[i] : x[i]; });
  this->expect_lanes(abs(a), [&](int i) { return x[i] < T(0) ? -x[i] : x[i]; });
}

TYPED_TEST(RealPackTest, RoundsOnce) {
  using T = typename TypeParam::T;
  const auto a = this->from(this->x), b = this->from(this->y);
  // The product alone, rounded, would leave 0: what an fma keeps is the rounding error of the square.
  this->expect_lanes(fma(a, a, -(a * a)), [&](int i) {
    volatile T square = this->x[i] * this->x[i];
    return std::fma(this->x[i], this->x[i], -square);
  });
  this->expect_lanes(a / (abs(b) + T(3)), [&](int i) { return this->x[i] / (std::fabs(this->y[i]) + T(3)); });
  this->expect_lanes(sqrt(abs(a)), [&](int i) { return std::sqrt(std::fabs(this->x[i])); });
  this->expect_lanes(copysign(a, b), [&](int i) { return std::copysign(this->x[i], this->y[i]); });
}

TYPED_TEST(RealPackTest, KeepsSignedZerosAndBits) {
  using T = typename TypeParam::T;
  using P = typename TestFixture::P;
  this->expect_lanes(P(-T(0)), [](int) { return -T(0); });
  this->expect_lanes(-P(T(0)), [](int) { return -T(0); });
  this->expect_lanes(abs(P(-T(0))), [](int) { return T(0); });
  const auto a = this->from(this->x);
  this->expect_lanes(from_bits(to_bits(a)), [&](int i) { return this->x[i]; });
  using Integers = decltype(to_bits(a));
  this->expect_lanes(from_bits(to_bits(a) ^ (Integers(1) << (8 * static_cast<int>(sizeof(T)) - 1))),
                     [&](int i) { return -this->x[i]; });
}

TYPED_TEST(RealPackTest, MinAndMaxOfNaNFollowTheirDefinition) {
  using T = typename TypeParam::T;
  using P = typename TestFixture::P;
  const P nan(std::numeric_limits<T>::quiet_NaN()), one(T(1));
  this->expect_lanes(min(nan, one), [](int) { return T(1); });
  this->expect_lanes(max(one, nan), [](int) { return T(1); });
}

TYPED_TEST(RealPackTest, FoldsAlongAFixedTree) {
  using T = typename TypeParam::T;
  constexpr int W = TypeParam::W;
  // Lanes of very different size, so that another order of additions gives another sum.
  auto lanes = this->x;
  for (int i = 0; i < W; ++i) lanes[i] = this->x[i] * std::ldexp(T(1), 3 * (i % 5));
  auto tree = lanes;
  for (int width = W / 2; width > 0; width /= 2) {
    for (int i = 0; i < width; ++i) tree[i] = tree[i] + tree[i + width];
  }
  EXPECT_EQ(fold(this->from(lanes)), tree[0]);
}

TEST(IntegerPack, ShiftsWithSignAndWraps) {
  const Pack<std::int32_t, 8> a(-5), largest(std::numeric_limits<std::int32_t>::max());
  std::int32_t lanes[8];
  store(lanes, a >> 1);
  EXPECT_EQ(lanes[7], -3);
  store(lanes, a << 4);
  EXPECT_EQ(lanes[7], -80);
  store(lanes, (a & 6) | 16);
  EXPECT_EQ(lanes[0], (-5 & 6) | 16);
  store(lanes, largest + 1);
  EXPECT_EQ(lanes[3], std::numeric_limits<std::int32_t>::min());
  const Pack<std::int64_t, 8> b(-5);
  std::int64_t wide[8];
  store(wide, b >> 1);
  EXPECT_EQ(wide[5], -3);
}

}  // namespace
