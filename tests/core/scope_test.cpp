// SPDX-License-Identifier: BSD-3-Clause
// Names, order and values of what is made under a scope.
#include <halograph/core/scope.hpp>

#include <gtest/gtest.h>

#include <numeric>

#include <halograph/core/error.hpp>
#include <halograph/core/state.hpp>
#include <halograph/nn/linear.hpp>

#include "tests/support/digests/bits.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

using Names = std::vector<std::string>;

Names names_of(const std::vector<NamedTensor>& tensors) {
  Names names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  return names;
}

TEST(Scope, JoinsPartsToNames) {
  const Scope scope(Random(1), DType::f64);
  EXPECT_EQ(scope.name(), "");
  EXPECT_EQ(scope.name_of("weight"), "weight");
  EXPECT_EQ((scope / "conv1" / "lin").name(), "conv1.lin");
  EXPECT_EQ((scope / "conv1" / "lin").name_of("weight"), "conv1.lin.weight");
  EXPECT_EQ((scope / "conv1" / "").name(), "conv1");
  EXPECT_EQ((scope / "conv1").name_of(""), "conv1");
  EXPECT_EQ((scope / "conv1").dtype(), DType::f64);
  EXPECT_EQ((scope / "conv1").random().seed(), 1U);
}

TEST(Scope, ListsTensorsInTheOrderInWhichTheyAreMade) {
  const Scope scope(Random(1)), conv1 = scope / "conv1", conv10 = scope / "conv10";
  conv10.constant("bias", 1, 2, 0, true);
  conv1.uniform("weight", 2, 3, 1);
  conv10.normal("weight", 2, 3);
  (conv1 / "norm").buffer("mean", 1, 2, 0);
  scope.add("conv1", Tensor::zeros(1, 1, DType::f32));
  EXPECT_EQ(names_of(scope.state()),
            (Names{"conv10.bias", "conv1.weight", "conv10.weight", "conv1.norm.mean", "conv1"}));
  EXPECT_EQ(names_of(conv1.state()), (Names{"conv1.weight", "conv1.norm.mean", "conv1"}));
  EXPECT_EQ(names_of(conv10.state()), (Names{"conv10.bias", "conv10.weight"}));
  EXPECT_EQ(scope.state()[0].axes.of(scope.state()[0].value), std::vector<std::int64_t>{2});
}

TEST(Scope, SharesItsListWithCopiesAndParts) {
  const Scope scope(Random(1));
  {
    const Scope copy = scope, part = copy / "a";
    part.constant("w", 1, 1, 2);
  }
  ASSERT_EQ(names_of(scope.state()), Names{"a.w"});
  EXPECT_EQ(scope.state()[0].value.item(), 2);
  const Scope apart = (scope / "a").detached();
  EXPECT_EQ(apart.name(), "a");
  EXPECT_TRUE(apart.state().empty());
  apart.constant("w", 1, 1, 3);
  EXPECT_EQ(names_of(apart.state()), Names{"a.w"});
  EXPECT_EQ(scope.state()[0].value.item(), 2);
}

TEST(Scope, RegistersTheTensorThatItReturns) {
  const Scope scope(Random(1));
  const Tensor weight = scope.uniform("weight", 2, 3, 1), mean = scope.buffer("mean", 1, 3, 0.5);
  EXPECT_EQ(scope.state()[0].value.handle(), weight.handle());
  EXPECT_EQ(scope.state()[1].value.handle(), mean.handle());
  EXPECT_EQ(mean.to_vector<double>(), std::vector<double>(3, 0.5));
}

TEST(Scope, TrainsParametersOnceAndBuffersNever) {
  const Scope scope(Random(1));
  const Tensor weight = scope.uniform("weight", 2, 3, 1);
  scope.buffer("mean", 1, 3, 0);
  scope.constant("bias", 1, 2, 0);
  scope.uniform("zeros", 1, 2, 0);
  scope.add("again", weight);
  EXPECT_EQ(names_of(state(scope)), (Names{"weight", "mean", "bias", "zeros", "again"}));
  EXPECT_EQ(names_of(parameters(scope)), (Names{"weight", "bias", "zeros"}));
  EXPECT_EQ(values(parameters(scope))[0].handle(), weight.handle());
}

TEST(Scope, RefusesTakenNamesAndWhatIsNoTensor) {
  const Scope scope(Random(1)), conv = scope / "conv";
  conv.uniform("weight", 2, 3, 1);
  expect_refusal([&] { conv.uniform("weight", 2, 3, 1); }, {"'conv.weight'", "scope / \"part\""});
  expect_refusal([&] { scope.buffer("conv.weight", 1, 1, 0); }, {"'conv.weight'"});
  expect_refusal([&] { nn::Linear(scope / "conv", 3, 2); }, {"'conv.weight'"});
  expect_refusal([&] { conv.add("none", {}); }, {"'conv.none'", "without a tensor"});
  expect_refusal([&] { conv.normal("flat", 0, 3); }, {"'conv.flat'", "[0, 3]"});
  expect_refusal([&] { conv.constant("thin", 3, -1, 0); }, {"'conv.thin'", "[3, -1]"});
  EXPECT_EQ(names_of(scope.state()), Names{"conv.weight"});
  conv.buffer("none", 1, 1, 0);  // refused tensors leave their names free
  EXPECT_EQ(names_of(scope.state()), (Names{"conv.weight", "conv.none"}));
}

TEST(Scope, TakesTheTensorsOfAnotherList) {
  const Scope scope(Random(1)), other = (scope / "other").detached();
  const Tensor weight = other.uniform("weight", 2, 3, 1);
  scope.add(other);
  ASSERT_EQ(names_of(scope.state()), Names{"other.weight"});
  EXPECT_EQ(scope.state()[0].value.handle(), weight.handle());
  expect_refusal([&] { scope.add(other); }, {"'other.weight'"});
}

/// Values follow from the seed and the full name: not from how the name was put together, nor from what else was made.
TEST(Scope, DrawsFromTheStreamOfTheFullName) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Random random(7);
    const Scope scope(random, dtype, Device::host());
    scope.normal("before", 2, 2);
    const Tensor uniform = (scope / "conv1" / "lin").uniform("weight", 4, 5, 0.25);
    const Tensor normal = (scope / "kinds").normal("weight", 4, 5, 1, 2);
    Tensor expected = Tensor::zeros(4, 5, dtype, nullptr, Device::host());
    random.fill_uniform(expected, "conv1.lin.weight", -0.25, 0.25);
    EXPECT_TRUE(same_bits(uniform, expected));
    std::vector<std::int64_t> rows(4);
    std::iota(rows.begin(), rows.end(), 0);
    random.fill_normal(expected, "kinds.weight", 1, 2, rows);
    EXPECT_TRUE(same_bits(normal, expected));
    EXPECT_TRUE(same_bits(Scope(random, dtype).uniform("conv1.lin.weight", 4, 5, 0.25), uniform));
    EXPECT_FALSE(same_bits(Scope(random, dtype).uniform("conv2.lin.weight", 4, 5, 0.25), uniform));
    EXPECT_FALSE(same_bits(Scope(Random(8), dtype).uniform("conv1.lin.weight", 4, 5, 0.25), uniform));
  }
}

}  // namespace
}  // namespace halograph::testing
