// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::testing {
namespace {

using Tensors = std::vector<Tensor>;

// On the host: the tape is the same on every device, and the guarded one is slow.
Tensor number(double value) { return Tensor::full(1, 1, value, DType::f64, nullptr, Device::host()); }
Tensor variable(double value) { return number(value).set_requires_grad(); }
double slope(const Tensor& of, const Tensor& by, const autograd::GradOptions& options = {}) {
  return grad(of, std::span(&by, 1), options).front().item();
}

TEST(Tape, AddsAllUsesOfAVariable) {
  const Tensor x = variable(3);
  EXPECT_EQ(slope(ops::add(ops::multiply(x, x), ops::scale_shift(x, 5)), x), 11);
  EXPECT_EQ(slope(x, x), 1);
}

TEST(Tape, GivesZerosWhereNothingDepends) {
  const Tensor x = variable(3), y = variable(4);
  EXPECT_EQ(slope(ops::square(x), y), 0);
  EXPECT_EQ(slope(number(2), y), 0);
}

TEST(Tape, DifferentiatesByIntermediates) {
  const Tensor x = variable(3), y = ops::square(x), z = ops::multiply(y, x);
  const Tensors by{x, y, z, y};
  const Tensors found = grad(z, by);
  EXPECT_EQ(found[0].item(), 27);
  EXPECT_EQ(found[1].item(), 3);
  EXPECT_EQ(found[2].item(), 1);
  EXPECT_EQ(found[3].item(), 3);
}

TEST(Tape, DoesNotRecordWithoutVariablesOrInAScope) {
  EXPECT_FALSE(ops::square(number(3)).requires_grad());
  const Tensor x = variable(3);
  const autograd::RecordingScope off(false);
  EXPECT_FALSE(ops::square(x).requires_grad());
}

TEST(NoGrad, RecordsNothingUntilTheLastOneEnds) {
  const Tensor x = variable(3);
  {
    const NoGrad outer;
    Tensor inside;
    {
      const NoGrad inner;
      inside = ops::square(x);
    }
    EXPECT_FALSE(inside.requires_grad());
    EXPECT_FALSE(autograd::recording());
    EXPECT_FALSE(ops::square(x).requires_grad());
    EXPECT_EQ(inside.item(), 9);
    EXPECT_THROW(slope(inside, inside), UsageError);
    EXPECT_EQ(slope(ops::multiply(x, inside), x), 0) << "recorded after all";
  }
  EXPECT_TRUE(autograd::recording());
  EXPECT_EQ(slope(ops::square(x), x), 6);
}

TEST(NoGrad, KeepsNoInputs) {
  const Tensor x = Tensor::full(1000, 10, 3, DType::f64, nullptr, Device::host()).set_requires_grad();
  const auto kept_by = [&] {
    const std::int64_t before = memory_use().live;
    Tensor y = x;
    for (int i = 0; i < 5; ++i) y = ops::square(y);
    return (memory_use().live - before) / (1000 * 10 * 8);
  };
  EXPECT_GE(kept_by(), 5);
  const NoGrad off;
  EXPECT_EQ(kept_by(), 1);
}

TEST(NoGrad, CountsForItsThread) {
  const NoGrad off;
  bool elsewhere = false;
  std::thread([&] { elsewhere = autograd::recording(); }).join();
  EXPECT_TRUE(elsewhere);
  EXPECT_FALSE(autograd::recording());
}

TEST(Tape, MarksOnlyLeaves) {
  Tensor y = ops::square(variable(3));
  EXPECT_THROW(y.set_requires_grad(), UsageError);
  EXPECT_FALSE(y.detach().requires_grad());
}

TEST(Tape, ThirdDerivative) {
  const Tensor x = variable(2);
  const Tensor fourth_power = ops::square(ops::square(x));
  const Tensor first = grad(fourth_power, std::span(&x, 1), {.create_graph = true}).front();
  const Tensor second = grad(first, std::span(&x, 1), {.create_graph = true}).front();
  EXPECT_EQ(first.item(), 32);
  EXPECT_EQ(second.item(), 48);
  EXPECT_EQ(slope(second, x), 48);
}

TEST(Tape, KeptByRetainGraph) {
  const Tensor x = variable(3), y = ops::square(ops::square(x));
  EXPECT_EQ(slope(y, x, {.retain_graph = true}), 108);
  EXPECT_EQ(slope(y, x, {.create_graph = true}), 108);
  EXPECT_EQ(slope(y, x), 108);
}

TEST(Tape, RefusesToBeWalkedAfterItsRelease) {
  const Tensor x = variable(3), w = variable(2);
  const Tensor middle = ops::square(x), y = ops::multiply(ops::square(middle), w);
  EXPECT_EQ(slope(y, x), 216);
  EXPECT_THROW(slope(y, x), UsageError);
  EXPECT_THROW(slope(middle, x), UsageError);
  EXPECT_THROW(slope(ops::multiply(middle, w), x), UsageError);
}

TEST(Tape, ReleasedPartsDoNotHinderOthers) {
  const Tensor x = variable(3), w = variable(2), v = variable(7);
  const Tensor trunk = ops::square(x);
  EXPECT_EQ(slope(ops::multiply(trunk, w), x), 12);
  EXPECT_EQ(slope(ops::multiply(trunk, v), v), 9);
  EXPECT_EQ(slope(ops::multiply(trunk, v), trunk), 7);
}

TEST(Tape, SeveralResultsWithSeeds) {
  const Tensor x = variable(3);
  const Tensors of{ops::square(x), ops::scale_shift(x, 5), ops::exponential(x)};
  const Tensors seeds{number(10), number(1), Tensor()};
  EXPECT_EQ(grad(of, seeds, std::span(&x, 1)).front().item(), 65);
}

TEST(Tape, SeedsMayDependOnVariables) {
  const Tensor x = variable(3), s = variable(2);
  const Tensor y = ops::square(x), seed = ops::square(s);
  const Tensor g = grad(std::span(&y, 1), std::span(&seed, 1), std::span(&x, 1), {.create_graph = true}).front();
  EXPECT_EQ(g.item(), 24);                             // 2 x s^2
  EXPECT_EQ(slope(g, s, {.retain_graph = true}), 24);  // 4 x s
  EXPECT_EQ(slope(g, x), 8);
}

TEST(Tape, RefusesSeedsAndResultsThatDoNotFit) {
  const Tensor x = Tensor::zeros(2, 3, DType::f64).set_requires_grad();
  const Tensor y = ops::square(x), wrong = Tensor::zeros(3, 2, DType::f64), undefined;
  EXPECT_THROW(grad(y, std::span(&x, 1)), UsageError);
  EXPECT_THROW(grad(std::span(&y, 1), std::span(&wrong, 1), std::span(&x, 1)), UsageError);
  EXPECT_THROW(grad(std::span(&y, 1), std::span<const Tensor>(), std::span(&x, 1)), UsageError);
  EXPECT_THROW(grad(ops::sum(y), std::span(&undefined, 1)), UsageError);
  EXPECT_THROW(grad(undefined, std::span(&x, 1)), UsageError);
}

TEST(Tape, DoesNotWriteIntoSeedsOrSharedGradients) {
  const Tensor a = variable(1), b = variable(2), seed = number(1);
  const Tensor y = ops::add(ops::add(a, b), a);
  const Tensors by{a, b};
  const Tensors found = grad(std::span(&y, 1), std::span(&seed, 1), by);
  EXPECT_EQ(found[0].item(), 2);
  EXPECT_EQ(found[1].item(), 1);
  EXPECT_EQ(seed.item(), 1);
}

class LongTape : public ::testing::TestWithParam<Tensor (*)(const Tensor&)> {};

TEST_P(LongTape, NeedsNoStack) {
  constexpr int length = 100000;
  const Tensor x = variable(1);
  const auto run = [&] {
    Tensor y = x;
    for (int i = 0; i < length; ++i) y = GetParam()(y);
    return y;
  };
  const Tensor y = run();
  const double kept = slope(y, x, {.retain_graph = true});
  EXPECT_EQ(slope(y, x), kept);
  EXPECT_THROW(slope(y, x), UsageError);
  run();  // released without a pass
}

INSTANTIATE_TEST_SUITE_P(Tape, LongTape,
                         ::testing::Values([](const Tensor& y) { return ops::negate(y); },
                                           [](const Tensor& y) { return ops::multiply(y, y); },
                                           [](const Tensor& y) { return ops::add(ops::sine(y), y); }));

TEST(Tape, OfAGradientIsReleasedWithoutStack) {
  const Tensor x = variable(1);
  Tensor y = x;
  for (int i = 0; i < 20000; ++i) y = ops::sine(y);
  const Tensor g = grad(y, std::span(&x, 1), {.create_graph = true}).front();
  EXPECT_TRUE(g.requires_grad());
}

TEST(Tape, ReleasesMemoryOnTheWay) {
  const Tensor x = Tensor::full(1000, 100, 0.5, DType::f64).set_requires_grad();
  const auto peak = [&](bool retain) {
    const Tensor y = [&] {
      Tensor h = x;
      for (int i = 0; i < 20; ++i) h = ops::sine(h);
      return ops::sum(h);
    }();
    reset_memory_peak();
    const std::int64_t before = memory_use().live;
    const Tensor g = grad(y, std::span(&x, 1), {.retain_graph = retain}).front();
    return memory_use().live - before;
  };
  constexpr std::int64_t one = 1000 * 100 * 8;
  EXPECT_GE(peak(true), one);
  EXPECT_LE(peak(false), -15 * one);
}

}  // namespace
}  // namespace halograph::testing
