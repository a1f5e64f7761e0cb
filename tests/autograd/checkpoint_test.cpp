// SPDX-License-Identifier: BSD-3-Clause
// A checkpointed segment gives the bits, gradients and second derivatives of the plain call.
#include <gtest/gtest.h>

#include <halograph/autograd/checkpoint.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

using Segment = std::function<Tensors(const Tensors&)>;

Tensors segment(const Tensors& x) {
  const Tensor h = ops::linear(x[0], x[1], x[2], ops::Activation::tanh);
  return {ops::multiply(h, ops::sine(h)), ops::sum_rows(h), ops::square(x[3])};
}

Tensors make_inputs() {
  const Tensor like = Tensor::zeros(30, 4, DType::f64), weight = Tensor::zeros(5, 4, DType::f64),
               bias = Tensor::zeros(1, 5, DType::f64);
  Tensors x{random_like(like, 1), random_like(weight, 2), random_like(bias, 3), random_like(like, 4)};
  for (Tensor& input : x) input.set_requires_grad();
  return x;
}

Tensor loss(const Segment& f, const Tensors& x) {
  const Tensors y = f({ops::sine(x[0]), x[1], x[2], x[3]});
  return ops::sum(ops::multiply(ops::multiply(y[0], y[1]), ops::sum(y[2])));
}

void expect_equal(const Tensors& a, const Tensors& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].to_vector<double>(), b[i].to_vector<double>()) << i;
}

Tensors checkpointed(const Tensors& x) { return autograd::checkpoint(segment, x); }

TEST(Checkpoint, OutputsAndGradientsAreThoseOfThePlainCall) {
  const Tensors x = make_inputs();
  expect_equal(checkpointed(x), segment(x));
  expect_equal(grad(loss(checkpointed, x), x), grad(loss(segment, x), x));
}

TEST(Checkpoint, SecondDerivativesAreThoseOfThePlainCall) {
  const Tensors x = make_inputs();
  const auto second = [&](const Segment& f) {
    const Tensors first = grad(loss(f, x), x, {.create_graph = true});
    Tensor sum = Tensor::zeros(1, 1, DType::f64);
    for (const Tensor& g : first) sum = ops::add(sum, ops::sum(ops::square(g)));
    return grad(sum, x);
  };
  const Tensors found = second(checkpointed), expected = second(segment);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Array a = to_array(found[i]), b = to_array(expected[i]);
    EXPECT_LE((a - b).abs().maxCoeff(), 1e-12 * (1 + b.abs().maxCoeff())) << i;
  }
}

TEST(Checkpoint, InputsMayDependOnEachOtherAndRepeat) {
  const Tensors x = make_inputs();
  const auto run = [&](const Segment& f) {
    const Tensor twice = ops::scale_shift(x[0], 2);
    return grad(ops::sum(ops::multiply(f({twice, x[1], x[2], twice})[0], f({twice, x[1], x[2], ops::sine(twice)})[0])),
                x);
  };
  const Tensors found = run(checkpointed), expected = run(segment);
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_LE((to_array(found[i]) - to_array(expected[i])).abs().maxCoeff(), 1e-12) << i;
}

TEST(Checkpoint, TakesUndefinedInputsAndOutputsWithoutGradient) {
  const Tensors x = make_inputs();
  const auto f = [](const Tensors& in) {
    return Tensors{ops::linear(in[0], in[1], in[2]), Tensor::full(1, 1, 3, DType::f64)};
  };
  const Tensors y = autograd::checkpoint(f, {x[0], x[1], Tensor()});
  expect_equal(grad(ops::sum(ops::multiply(y[0], y[1])), std::span(x).first(2)),
               grad(ops::sum(ops::scale_shift(ops::linear(x[0], x[1]), 3)), std::span(x).first(2)));
}

TEST(Checkpoint, Nests) {
  const Tensors x = make_inputs();
  const auto nested = [](const Tensors& in) { return autograd::checkpoint(checkpointed, in); };
  expect_equal(grad(loss(nested, x), x), grad(loss(segment, x), x));
}

TEST(Checkpoint, ForgetsTheIntermediatesOfTheSegment) {
  const Tensor x = Tensor::full(1000, 100, 0.5, DType::f64).set_requires_grad();
  const auto f = [](const Tensors& in) {
    Tensor h = in[0];
    for (int i = 0; i < 20; ++i) h = ops::sine(h);
    return Tensors{h};
  };
  const std::int64_t before = memory_use().live;
  const Tensors y = autograd::checkpoint(f, {x});
  EXPECT_LE(memory_use().live - before, 1000 * 100 * 8);
}

}  // namespace
}  // namespace halograph::testing
