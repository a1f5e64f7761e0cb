// SPDX-License-Identifier: BSD-3-Clause
// Products of rounded factors: what rounding means, number by number; that the host forms exact chains of the rounded
// factors and devices without tensor cores the same ones; that nowhere a row's place shows; and that networks do not
// ignore the mode.
#include <gtest/gtest.h>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <halograph/core/precision.hpp>
#include <halograph/ops/mlp.hpp>

#include "ops/composed.hpp"
#include "tests/support/digests/bits.hpp"
#include "tests/support/problems/linear_problem.hpp"

namespace halograph::testing {
namespace {

class InMode {
 public:
  explicit InMode(ProductMode mode) : before_(product_mode()) { set_product_mode(mode); }
  ~InMode() { set_product_mode(before_); }
  InMode(const InMode&) = delete;
  InMode& operator=(const InMode&) = delete;

 private:
  ProductMode before_;
};

template <class T>
std::vector<T> exact_result(const LinearProblem& problem) {
  const InMode in_mode(ProductMode::exact);
  return linear_result<T>(problem, Device::host());
}

constexpr ProductMode fast[] = {ProductMode::tf32, ProductMode::bf16};

/// To `digits` binary digits: 11, ties away from zero, or 8, ties to even. Subnormal numbers have fewer.
float rounded(ProductMode mode, float x) {
  if (!std::isfinite(x) || x == 0) return x;
  const int digits = mode == ProductMode::tf32 ? 11 : 8;
  const int exponent = std::max(std::ilogb(x), FLT_MIN_EXP - 1) - (digits - 1);
  const double steps = std::ldexp(double(x), -exponent);
  return float(std::ldexp(mode == ProductMode::tf32 ? std::round(steps) : std::nearbyint(steps), exponent));
}

std::vector<float> numbers_to_round() {
  std::vector<float> numbers{0,
                             1,
                             -1,
                             FLT_MAX,
                             -FLT_MAX,
                             FLT_MIN,
                             -FLT_MIN,
                             FLT_MIN / 3,
                             FLT_TRUE_MIN,
                             -FLT_TRUE_MIN,
                             std::numeric_limits<float>::infinity(),
                             -std::numeric_limits<float>::infinity()};
  for (int i = 0; i < 200; ++i) {
    const float scale = std::ldexp(1.f, i % 40 - 20);
    // Ties at either place, and their neighbours.
    for (const float unit : {0x1p-11f, 0x1p-8f}) {
      const float tie = scale * (1 + float(2 * i + 1) * unit);
      for (const float x : {tie, std::nextafter(tie, 0.f), std::nextafter(tie, FLT_MAX), -tie}) numbers.push_back(x);
    }
    const std::uint64_t bits = mix(std::uint64_t(i));
    numbers.push_back(scale * float(double(bits >> 11) * 0x1p-52 - 1));
  }
  return numbers;
}

/// Each of the numbers times one: as x if `of_x`, else as weight.
std::vector<float> products_with_one(const std::vector<float>& numbers, bool of_x, Device device) {
  DeviceArrays arrays(device);
  const auto n = std::int64_t(numbers.size());
  kernels::LinearTask task;
  task.n_inputs = 1;
  task.input[0] = arrays.put(of_x ? numbers : std::vector<float>{1}, Spread<float>{of_x ? n : 1, 1});
  task.weight = arrays.put(of_x ? std::vector<float>{1} : numbers, Spread<float>{of_x ? 1 : n, 1});
  task.y = arrays.put(std::vector<float>(numbers.size()), Spread<float>{of_x ? n : 1, of_x ? 1 : n});
  arrays.table().linear(task);
  return arrays.get(static_cast<const float*>(task.y.data));
}

std::vector<Device> devices() {
  std::vector<Device> all = block_devices();
  all.insert(all.begin(), Device::host());
  return all;
}

TEST(ProductMode, RoundsBothFactors) {
  const std::vector<float> numbers = numbers_to_round();
  for (const ProductMode mode : fast) {
    const InMode in_mode(mode);
    for (const Device device : devices())
      for (const bool of_x : {true, false}) {
        const auto found = products_with_one(numbers, of_x, device);
        for (std::size_t i = 0; i < numbers.size(); ++i)
          ASSERT_EQ(found[i], rounded(mode, numbers[i]))
              << numbers[i] << " in " << name_of(mode) << " on " << device.name();
        for (const unsigned bits : {0x7FC00000u, 0x7FFFFFFFu, 0xFFFFFFFFu, 0x7F800001u}) {
          float nan;
          std::memcpy(&nan, &bits, sizeof(nan));
          ASSERT_TRUE(std::isnan(products_with_one({nan}, of_x, device)[0]));
        }
      }
  }
}

std::vector<LinearProblem> problems() {
  std::vector<LinearProblem> list;
  for (const std::int64_t cols : {1, 5, 16, 30, 64, 65, 130})
    for (const auto& inputs : {std::vector<std::int64_t>{1}, {7}, {16}, {33, 8}, {3, 0, 20, 5}, {}}) {
      LinearProblem p;
      p.rows = 300;
      p.cols = cols;
      p.inputs = inputs;
      p.transposed = list.size() % 2 == 0;
      p.start = list.size() % 3 == 0;
      p.bias = !p.start;
      p.gap = std::int64_t(list.size() % 4);
      p.activation = list.size() % 5 == 0 ? kernels::Unary::tanh : kernels::Unary::identity;
      if (list.size() % 4 == 1) p.blocks = {0, 5, 5, 190, 200, 299};
      list.push_back(p);
    }
  return list;
}

TEST(ProductMode, IsTheExactChainOfRoundedFactors) {
  constexpr std::int64_t rows = 200, depth = 37, cols = 29;
  const auto x = linear_numbers<float>(rows * depth, 1, false), w = linear_numbers<float>(depth * cols, 2, false);
  for (const ProductMode mode : fast) {
    const InMode in_mode(mode);
    std::vector<float> expected;
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < cols; ++c) {
        float sum = 0;
        for (std::int64_t k = 0; k < depth; ++k)
          sum =
              std::fma(rounded(mode, x[std::size_t(r * depth + k)]), rounded(mode, w[std::size_t(c * depth + k)]), sum);
        expected.push_back(sum);
      }
    for (const Device device : devices()) {
      if (device == Device::cuda()) continue;
      DeviceArrays arrays(device);
      kernels::LinearTask task;
      task.n_inputs = 1;
      task.input[0] = arrays.put(x, Spread<float>{rows, depth});
      task.weight = arrays.put(w, Spread<float>{cols, depth});
      task.y = arrays.put(std::vector<float>(rows * cols), Spread<float>{rows, cols});
      arrays.table().linear(task);
      EXPECT_TRUE(same_bits(arrays.get(static_cast<const float*>(task.y.data)), expected)) << device.name();
    }
  }
}

TEST(ProductMode, GivesTheSameBitsOnDevicesWithoutTensorCores) {
  for (const ProductMode mode : fast) {
    const InMode in_mode(mode);
    for (const LinearProblem& p : problems()) {
      const auto expected = linear_result<float>(p, Device::host());
      for (const Device device : block_devices())
        if (device != Device::cuda()) {
          EXPECT_TRUE(same_bits(linear_result<float>(p, device), expected)) << p.name() << " on " << device.name();
        }
    }
  }
}

// A factor is off by half of 2^-10 or 2^-7 of itself at most; so are two of them, and the order of additions comes on
// top.
TEST(ProductMode, StaysCloseToExactProducts) {
  for (LinearProblem p : problems()) {
    p.activation = kernels::Unary::identity;
    p.blocks.clear();
    const auto exact = exact_result<float>(p);
    for (const ProductMode mode : fast) {
      const InMode in_mode(mode);
      const double largest_product = 4, error = 1.1 * (mode == ProductMode::tf32 ? 0x1p-10 : 0x1p-7);
      for (const Device device : devices()) {
        const auto found = linear_result<float>(p, device);
        for (std::size_t i = 0; i < found.size(); ++i)
          ASSERT_NEAR(found[i], exact[i], error * largest_product * double(p.depth()))
              << p.name() << " on " << device.name();
      }
    }
  }
}

TEST(ProductMode, DoesNotShowWhereARowStands) {
  for (const ProductMode mode : fast) {
    const InMode in_mode(mode);
    for (LinearProblem p : problems())
      for (const Device device : devices()) {
        p.blocks.clear();
        const auto whole = linear_result<float>(p, device);
        p.blocks = {7, 8, 8, 90, 101, 300};
        auto parts = linear_result<float>(p, device);
        const std::int64_t stride = p.cols + p.gap;
        for (const std::int64_t row : {std::int64_t(0), std::int64_t(90)})  // rows outside the blocks
          std::copy_n(whole.begin() + row * stride, (row ? 11 : 7) * stride, parts.begin() + row * stride);
        EXPECT_TRUE(same_bits(parts, whole)) << p.name() << " on " << device.name();
      }
  }
}

TEST(ProductMode, LeavesDoublesExact) {
  for (const LinearProblem& p : problems()) {
    const auto exact = exact_result<double>(p);
    const InMode in_mode(ProductMode::bf16);
    for (const Device device : devices()) EXPECT_TRUE(same_bits(linear_result<double>(p, device), exact)) << p.name();
  }
}

TEST(ProductMode, IsNotIgnoredByNetworks) {
  for (const DType type : {DType::f32, DType::f64}) {
    const auto values = [&](std::int64_t rows, std::int64_t cols, std::uint64_t salt) {
      return Tensor::from(linear_numbers<double>(rows * cols, salt, false), rows, cols, type);
    };
    const Tensor x = values(50, 9, 1);
    ops::MlpLayers layers;
    layers.weight = {values(12, 9, 2), values(4, 12, 3)};
    layers.bias = {Tensor(), values(1, 4, 4)};
    layers.activation = ops::Activation::tanh;
    const InMode before(ProductMode::exact);
    const Tensor exact = ops::mlp(std::span(&x, 1), layers);
    for (const ProductMode mode : fast) {
      const InMode in_mode(mode);
      const Tensor found = ops::mlp(std::span(&x, 1), layers);
      EXPECT_TRUE(same_bits(found, ops::composed_mlp(std::span(&x, 1), layers)));
      EXPECT_EQ(same_bits(found, exact), type == DType::f64);
    }
  }
}

TEST(ProductMode, GoesByName) {
  for (const ProductMode mode : {ProductMode::exact, ProductMode::tf32, ProductMode::bf16})
    EXPECT_EQ(parse_product_mode(name_of(mode)), mode);
  EXPECT_THROW(parse_product_mode("TF32"), UsageError);
}

}  // namespace
}  // namespace halograph::testing
