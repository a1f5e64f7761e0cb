// SPDX-License-Identifier: BSD-3-Clause
// First and second derivatives of every operation against central differences, and the transposes
// of the linear ones exactly.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};
constexpr double step = 2e-5;

/// Sum of r * (y + y^2) over all outputs, so that the cotangents depend on the outputs.
Tensor loss(const Graph& graph, const OpCase& c, const Tensors& x) {
  Tensor total = Tensor::zeros(1, 1, DType::f64, nullptr, graph.device());
  const Tensors outputs = c.op(graph, x);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const Tensor weight = random_like(outputs[i], 100 + i);
    total = ops::add(total, ops::sum(ops::multiply(weight, ops::add(outputs[i], ops::square(outputs[i])))));
  }
  return total;
}

Tensor moved(const Tensor& x, const Tensor& direction, double distance) {
  return ops::add(x.detach(), ops::scale_shift(direction, distance)).detach().set_requires_grad();
}

double dot(const Tensor& a, const Tensor& b) { return (to_array(a) * to_array(b)).sum(); }

/// The derivative of `f` at x along `direction` in operand i, to fourth order in the step.
template <class F>
double difference(const F& f, const Tensors& x, std::size_t i, const Tensor& direction) {
  const auto at = [&](double distance) {
    Tensors there = x;
    there[i] = moved(x[i], direction, distance);
    return f(there);
  };
  return (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
}

/// <gradient, direction> equals the difference of f, for random directions and, in small operands,
/// for every element.
template <class F>
void expect_gradients(const F& f, const Tensors& x, const Tensors& gradient) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::int64_t elements = x[i].rows() * x[i].cols();
    const std::int64_t all = elements <= 30 ? elements : 0;
    for (std::int64_t k = 0; k < all + 2; ++k) {
      Tensor direction = random_like(x[i], 200 + std::uint64_t(k));
      if (k < all) {
        std::vector<double> unit(std::size_t(elements), 0.0);
        unit[std::size_t(k)] = 1;
        direction.assign(unit);
      }
      const double expected = difference(f, x, i, direction), found = dot(gradient[i], direction);
      EXPECT_NEAR(found, expected, 2e-7 * (1 + std::abs(expected))) << "operand " << i << ", direction " << k;
    }
  }
}

// Differences take many evaluations and the guarded device is slow: it is compared with the host below.
void for_each_differentiable(const std::function<void(const Graph&, const OpCase&, const Tensors&)>& check) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  for (const OpCase& c : op_cases()) {
    if (!c.differentiable || !c.smooth) continue;
    SCOPED_TRACE(c.name);
    check(graph, c, random_operands(graph, c, DType::f64));
  }
}

TEST(OpGradient, EqualsDifferences) {
  for_each_differentiable([](const Graph& graph, const OpCase& c, const Tensors& x) {
    const auto value = [&](const Tensors& at) { return loss(graph, c, at).item(); };
    expect_gradients(value, x, grad(loss(graph, c, x), x));
  });
}

TEST(OpGradient, IsTheSameWhenItIsRecorded) {
  for_each_differentiable([](const Graph& graph, const OpCase& c, const Tensors& x) {
    const Tensors fused = grad(loss(graph, c, x), x), recorded = grad(loss(graph, c, x), x, {.create_graph = true});
    for (std::size_t i = 0; i < x.size(); ++i)
      EXPECT_LE((to_array(fused[i]) - to_array(recorded[i])).abs().maxCoeff(),
                1e-12 * (1 + to_array(fused[i]).abs().maxCoeff()));
  });
}

TEST(OpGradient, OfAGradientEqualsDifferences) {
  for_each_differentiable([](const Graph& graph, const OpCase& c, const Tensors& x) {
    const auto projected = [&](const Tensors& at, bool record) {
      const Tensors gradient = grad(loss(graph, c, at), at, {.create_graph = record});
      Tensor sum = Tensor::zeros(1, 1, DType::f64, nullptr, graph.device());
      for (std::size_t i = 0; i < at.size(); ++i)
        sum = ops::add(sum, ops::sum(ops::multiply(gradient[i], random_like(at[i], 300 + i))));
      return sum;
    };
    const auto value = [&](const Tensors& at) { return projected(at, false).item(); };
    expect_gradients(value, x, grad(projected(x, true), x));
  });
}

TEST(OpGradient, IsTheSameOnTheGuardedDevice) {
  const Graph host = make_graph(Communicator(), size, Device::host());
  const Graph guarded = make_graph(Communicator(), size, Device::guarded());
  const auto bits = [](const Graph& graph, const OpCase& c, bool record) {
    const Tensors x = random_operands(graph, c, DType::f64);
    std::vector<std::vector<double>> values;
    for (const Tensor& g : grad(loss(graph, c, x), x, {.create_graph = record}))
      values.push_back(g.to_vector<double>());
    return values;
  };
  for (const OpCase& c : op_cases()) {
    if (!c.differentiable) continue;
    SCOPED_TRACE(c.name);
    for (const bool record : {false, true}) EXPECT_EQ(bits(guarded, c, record), bits(host, c, record));
  }
}

void check_transposes(DType dtype) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  for (const OpCase& c : op_cases()) {
    if (!c.linear) continue;
    SCOPED_TRACE(c.name);
    const Tensors x = random_operands(graph, c, dtype, true);
    const Tensors y = c.op(graph, x);
    Tensors seeds;
    double left = 0, right = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      seeds.push_back(random_like(y[i], 400 + i, true));
      left += dot(y[i], seeds[i]);
    }
    const Tensors transposed = grad(y, seeds, x);
    for (std::size_t i = 0; i < x.size(); ++i) right += dot(x[i], transposed[i]);
    EXPECT_EQ(left, right);
    EXPECT_NE(left, 0);
  }
}

TEST(OpTranspose, IsExactOnIntegersInDouble) { check_transposes(DType::f64); }
TEST(OpTranspose, IsExactOnIntegersInSingle) { check_transposes(DType::f32); }

}  // namespace
}  // namespace halograph::testing
