// SPDX-License-Identifier: BSD-3-Clause
// The updates of all parameters in one launch against plain loops over one parameter after the other, bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/core/state.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/optim/clip.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/problems/test_graph.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

struct Shape {
  std::int64_t rows, cols;
};

/// More than one launch holds, empty ones first, last and in between, one longer than a task of the host.
std::vector<Shape> shapes() {
  std::vector<Shape> all{{0, 5}};
  for (std::int64_t i = 0; i < 170; ++i) all.push_back({1 + i % 5, i % 23});
  all.push_back({300, 111});
  all.push_back({1, 1});
  all.push_back({4, 0});
  return all;
}

template <class T>
std::vector<T> values(Shape shape, std::uint64_t salt) {
  std::vector<T> v(static_cast<std::size_t>(shape.rows * shape.cols));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = T(double(mix(salt * 1000003 + i) >> 40) / double(1 << 23) - 1);
  return v;
}

template <class T>
constexpr DType type_of = sizeof(T) == 4 ? DType::f32 : DType::f64;

template <class T>
Tensor tensor(Shape shape, std::uint64_t salt, Device device) {
  return Tensor::from(values<T>(shape, salt), shape.rows, shape.cols, type_of<T>, nullptr, device);
}

template <class T>
std::vector<NamedTensor> parameters(Device device) {
  std::vector<NamedTensor> all;
  for (const Shape shape : shapes())
    all.push_back({cat("p", all.size()), tensor<T>(shape, all.size(), device).set_requires_grad()});
  return all;
}

/// Gradients of step `step`; every third one is a part of a wider tensor, with gaps between its rows.
template <class T>
std::vector<Tensor> gradients(std::uint64_t step, Device device) {
  std::vector<Tensor> all;
  for (const Shape shape : shapes()) {
    const std::uint64_t salt = 1000 * step + all.size();
    if (all.size() % 3 == 0)
      all.push_back(tensor<T>({shape.rows, shape.cols + 3}, salt, device).column_view(2, shape.cols));
    else all.push_back(tensor<T>(shape, salt, device));
  }
  return all;
}

template <class T>
void expect_bits(const Tensor& found, const std::vector<T>& expected) {
  const std::vector<T> host = found.to_vector<T>();
  ASSERT_EQ(host.size(), expected.size());
  if (!host.empty()) {
    EXPECT_EQ(std::memcmp(host.data(), expected.data(), host.size() * sizeof(T)), 0);
  }
}

template <class T>
class PlainAdam {
 public:
  explicit PlainAdam(const optim::AdamOptions& options) : o_(options) {}
  void step(std::vector<T>& p, std::vector<T>& m, std::vector<T>& v, const std::vector<T>& gradient, int step,
            double rate) {
    double power1 = 1, power2 = 1;
    for (int i = 0; i < step; ++i) power1 *= o_.beta1, power2 *= o_.beta2;
    const T shrink = T(1 - rate * (o_.decoupled ? o_.weight_decay : 0)), decay = T(o_.decoupled ? 0 : o_.weight_decay);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const T g = std::fma(decay, p[i], gradient[i]);
      m[i] = std::fma(g - m[i], T(1 - o_.beta1), m[i]);
      v[i] = std::fma(g * g, T(1 - o_.beta2), v[i] * T(o_.beta2));
      p[i] = p[i] * shrink -
             T(rate / (1 - power1)) * (m[i] / (std::sqrt(v[i]) / T(std::sqrt(1 - power2)) + T(o_.epsilon)));
    }
  }

 private:
  optim::AdamOptions o_;
};

template <class T>
void check_adam(const optim::AdamOptions& options, Device device) {
  const std::vector<NamedTensor> tensors = parameters<T>(device);
  optim::Adam adam(tensors, options);
  PlainAdam<T> plain(options);
  std::vector<std::vector<T>> p, m, v;
  for (const NamedTensor& t : tensors) {
    p.push_back(t.value.template to_vector<T>());
    m.emplace_back(p.back().size(), T(0));
    v.emplace_back(p.back().size(), T(0));
  }
  for (int step = 1; step <= 2; ++step) {
    const std::vector<Tensor> g = gradients<T>(std::uint64_t(step), device);
    adam.step(g, 0.01 * step);
    for (std::size_t i = 0; i < p.size(); ++i)
      plain.step(p[i], m[i], v[i], g[i].template to_vector<T>(), step, 0.01 * step);
  }
  const std::vector<NamedTensor> state = adam.state();
  ASSERT_EQ(state.size(), 2 * p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    SCOPED_TRACE(tensors[i].name);
    expect_bits(tensors[i].value, p[i]);
    expect_bits(state[i].value, m[i]);
    expect_bits(state[p.size() + i].value, v[i]);
    EXPECT_EQ(state[i].name, tensors[i].name + ".first_moment");
    EXPECT_EQ(state[p.size() + i].name, tensors[i].name + ".second_moment");
  }
}

template <class T>
void check_sgd(const optim::SgdOptions& options, Device device) {
  const std::vector<NamedTensor> tensors = parameters<T>(device);
  optim::Sgd sgd(tensors, options);
  std::vector<std::vector<T>> p, velocity;
  for (const NamedTensor& t : tensors) {
    p.push_back(t.value.template to_vector<T>());
    velocity.emplace_back(p.back().size(), T(0));
  }
  const T rate = T(0.1), momentum = T(options.momentum), decay = T(options.weight_decay);
  for (std::uint64_t step = 1; step <= 2; ++step) {
    const std::vector<Tensor> g = gradients<T>(step, device);
    sgd.step(g, 0.1);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const std::vector<T> gradient = g[k].template to_vector<T>();
      for (std::size_t i = 0; i < p[k].size(); ++i) {
        T change = std::fma(decay, p[k][i], gradient[i]);
        if (options.momentum != 0) {
          velocity[k][i] = std::fma(velocity[k][i], momentum, change);
          change = options.nesterov ? std::fma(velocity[k][i], momentum, change) : velocity[k][i];
        }
        p[k][i] -= rate * change;
      }
    }
  }
  const std::vector<NamedTensor> state = sgd.state();
  EXPECT_EQ(state.size(), options.momentum != 0 ? p.size() : 0);
  for (std::size_t k = 0; k < p.size(); ++k) {
    SCOPED_TRACE(tensors[k].name);
    expect_bits(tensors[k].value, p[k]);
    if (!state.empty()) expect_bits(state[k].value, velocity[k]);
  }
}

/// The order that clip.hpp promises: blocks of 1024, in each 16 lanes folded by halves.
template <class T>
double plain_norm(const std::vector<Tensor>& gradients) {
  double sum = 0;
  for (const Tensor& gradient : gradients) {
    const std::vector<T> x = gradient.to_vector<T>();
    for (std::size_t begin = 0; begin < x.size(); begin += 1024) {
      double lane[16] = {};
      for (std::size_t i = begin; i < std::min(begin + 1024, x.size()); ++i) {
        const double square = double(x[i]) * double(x[i]);
        lane[i % 16] += square;
      }
      for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
      sum += lane[0];
    }
  }
  return std::sqrt(sum);
}

template <class T>
class Optimizers : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Optimizers, Types);

TYPED_TEST(Optimizers, AdamIsPlainAdam) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    check_adam<TypeParam>({}, device);
    check_adam<TypeParam>({.beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1}, device);
    check_adam<TypeParam>({.weight_decay = 0.1, .decoupled = true}, device);
    check_adam<TypeParam>({.beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.1, .weight_decay = 0.3, .decoupled = true},
                          device);
  }
}

TYPED_TEST(Optimizers, SgdIsPlainSgd) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    check_sgd<TypeParam>({}, device);
    check_sgd<TypeParam>({.momentum = 0.9, .weight_decay = 0.1}, device);
    check_sgd<TypeParam>({.momentum = 0.9, .nesterov = true}, device);
    check_sgd<TypeParam>({.weight_decay = 0.3}, device);
    check_sgd<TypeParam>({.momentum = 0.5, .weight_decay = 0.3, .nesterov = true}, device);
  }
}

TYPED_TEST(Optimizers, ThreadsDoNotShow) {
  set_threads(3);
  check_adam<TypeParam>({.weight_decay = 0.1}, Device::host());
  check_sgd<TypeParam>({.momentum = 0.9}, Device::host());
  set_threads(1);
}

TYPED_TEST(Optimizers, NormAddsInItsOrder) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    const std::vector<Tensor> g = gradients<TypeParam>(1, device);
    EXPECT_EQ(optim::norm(g), plain_norm<TypeParam>(g));
  }
}

TEST(OptimizersOfMixedTypes, UpdateAndMeasureEachInItsOwn) {
  std::vector<NamedTensor> tensors;
  std::vector<Tensor> g;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const bool single = i % 3 == 0;
    tensors.push_back(
        {cat("p", i), (single ? tensor<float>({2, 3}, 0, Device::host()) : tensor<double>({2, 3}, 0, Device::host()))
                          .set_requires_grad()});
    g.push_back(single ? tensor<float>({2, 3}, 1, Device::host()) : tensor<double>({2, 3}, 1, Device::host()));
  }
  optim::Sgd(tensors, {}).step(g, 0.5);
  for (std::size_t i : {1, 2, 4, 5})
    EXPECT_EQ(tensors[i].value.to_vector<double>(), tensors[1].value.to_vector<double>());
  EXPECT_EQ(tensors[3].value.to_vector<float>(), tensors[0].value.to_vector<float>());
  const double one = optim::norm(std::span(g).first(1));
  EXPECT_NEAR(optim::norm(g), one * std::sqrt(6.0), 1e-7);
}

NamedTensor parameter(const std::string& name, const std::vector<double>& values) {
  return {
      name,
      Tensor::from(values, 1, std::int64_t(values.size()), DType::f64, nullptr, Device::host()).set_requires_grad()};
}

std::vector<Tensor> constant_gradients(const optim::Optimizer& optimizer, double value) {
  std::vector<Tensor> all;
  for (const Tensor& v : optimizer.variables())
    all.push_back(Tensor::full(v.rows(), v.cols(), value, v.dtype(), nullptr, v.device()));
  return all;
}

// With a gradient that does not change, Adam's corrected moments are that gradient and its square in every step.
TEST(OptimizersByHand, AdamMovesByRateTimesSign) {
  const NamedTensor w = parameter("w", {1, -2});
  optim::Adam adam({w}, {.beta1 = 0.7, .beta2 = 0.8, .epsilon = 0.5});
  for (int step = 1; step <= 5; ++step) adam.step(constant_gradients(adam, 4), 0.1);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(w.value.to_vector<double>()[i], (i == 0 ? 1 : -2) - 5 * 0.1 * 4 / (4 + 0.5), 1e-14);
  EXPECT_EQ(adam.steps_done(), 5);
}

TEST(OptimizersByHand, AdamWShrinksApartFromTheMoments) {
  const NamedTensor w = parameter("w", {1});
  optim::Adam adam({w}, {.epsilon = 0.5, .weight_decay = 0.2, .decoupled = true});
  double expected = 1;
  for (int step = 1; step <= 5; ++step) {
    adam.step(constant_gradients(adam, 4), 0.1);
    expected = expected * (1 - 0.1 * 0.2) - 0.1 * 4 / (4 + 0.5);
  }
  EXPECT_NEAR(w.value.item(), expected, 1e-13);
}

TEST(OptimizersByHand, MomentumIsAGeometricSum) {
  const NamedTensor plain = parameter("plain", {0}), nesterov = parameter("nesterov", {0});
  optim::Sgd heavy({plain}, {.momentum = 0.5}), ahead({nesterov}, {.momentum = 0.5, .nesterov = true});
  for (int step = 1; step <= 3; ++step) {
    heavy.step(constant_gradients(heavy, 8), 0.25);
    ahead.step(constant_gradients(ahead, 8), 0.25);
  }
  EXPECT_EQ(plain.value.item(), -0.25 * 8 * (1 + 1.5 + 1.75));
  EXPECT_EQ(nesterov.value.item(), -0.25 * 8 * (1.5 + 1.75 + 1.875));
}

TEST(OptimizersByHand, SgdDecaysTowardsZero) {
  const NamedTensor w = parameter("w", {1});
  optim::Sgd sgd({w}, {.weight_decay = 0.5});
  for (int step = 1; step <= 3; ++step) sgd.step(constant_gradients(sgd, 0), 0.5);
  EXPECT_EQ(w.value.item(), 0.75 * 0.75 * 0.75);
}

template <class Made, class Options>
void expect_groups_like_optimizers_apart(const Options& options, Options other) {
  const auto fresh = [] {
    return std::vector{parameter("a", {1, 2}), parameter("b", {3}), parameter("c", {-4, 5, 6})};
  };
  const std::vector<NamedTensor> together = fresh(), apart = fresh();
  Made grouped(
      std::vector<optim::ParameterGroup>{{.parameters = {together[0], together[1]}},
                                         {.parameters = {together[2]}, .rate_factor = 0.25, .weight_decay = 0.75}},
      options);
  other.weight_decay = 0.75;
  Made first({apart[0], apart[1]}, options), second({apart[2]}, other);
  for (int step = 1; step <= 4; ++step) {
    grouped.step(constant_gradients(grouped, 0.3 * step), 0.125);
    first.step(constant_gradients(first, 0.3 * step), 0.125);
    second.step(constant_gradients(second, 0.3 * step), 0.125 * 0.25);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(grouped.parameters()[i].name, apart[i].name);
    EXPECT_EQ(together[i].value.to_vector<double>(), apart[i].value.to_vector<double>());
  }
  std::vector<std::string> names;
  for (const NamedTensor& state : grouped.state()) names.push_back(state.name);
  Made ungrouped(fresh(), options);
  std::vector<std::string> expected;
  for (const NamedTensor& state : ungrouped.state()) expected.push_back(state.name);
  EXPECT_EQ(names, expected);
}

TEST(ParameterGroups, AreOptimizersOfTheirOwn) {
  expect_groups_like_optimizers_apart<optim::Adam, optim::AdamOptions>({.weight_decay = 0.1}, {});
  expect_groups_like_optimizers_apart<optim::Adam, optim::AdamOptions>({.weight_decay = 0.1, .decoupled = true},
                                                                       {.decoupled = true});
  expect_groups_like_optimizers_apart<optim::Sgd, optim::SgdOptions>({.momentum = 0.9, .weight_decay = 0.1},
                                                                     {.momentum = 0.9});
}

TEST(ParameterGroups, OfFactorZeroStayAndWithoutDecayTakeTheOptimizers) {
  const NamedTensor fixed = parameter("fixed", {1}), free = parameter("free", {1});
  optim::Sgd sgd({{.parameters = {fixed}, .rate_factor = 0}, {.parameters = {}}, {.parameters = {free}}},
                 {.weight_decay = 0.5});
  sgd.step(constant_gradients(sgd, 1), 0.5);
  EXPECT_EQ(fixed.value.item(), 1);
  EXPECT_EQ(free.value.item(), 1 - 0.5 * (1 + 0.5));
}

TEST(OptimizersRefuse, GradientsThatDoNotFit) {
  const std::vector<NamedTensor> tensors{{"w", tensor<float>({2, 3}, 0, Device::host()).set_requires_grad()}};
  optim::Sgd sgd(tensors, {});
  const std::vector<float> before = tensors[0].value.to_vector<float>();
  EXPECT_THROW(sgd.step({}, 0.1), UsageError);
  for (const Tensor& bad :
       {tensor<float>({3, 2}, 1, Device::host()), tensor<double>({2, 3}, 1, Device::host()), Tensor()})
    EXPECT_THROW(sgd.step(std::vector<Tensor>{bad}, 0.1), UsageError);
  EXPECT_EQ(sgd.steps_done(), 0);
  EXPECT_EQ(tensors[0].value.to_vector<float>(), before);
  for (const double rate : {std::nan(""), double(INFINITY)})
    EXPECT_THROW(sgd.step(std::vector{tensor<float>({2, 3}, 1, Device::host())}, rate), UsageError);
  EXPECT_EQ(sgd.steps_done(), 0);
}

TEST(OptimizersRefuse, WhatIsNoParameter) {
  const Graph graph = make_graph(Communicator(), {40, 200, 7}, Device::host());
  const NamedTensor good = parameter("good", {1, 2});
  NamedTensor alias = good;
  alias.name = "alias";
  const auto expect = [&](const NamedTensor& bad, const std::vector<std::string>& parts) {
    expect_refusal([&] { optim::Adam({good, bad}, {}); }, parts);
    expect_refusal([&] { optim::Sgd({good, bad}, {}); }, parts);
    const std::vector<optim::ParameterGroup> groups{{.parameters = {good}}, {.parameters = {bad}}};
    expect_refusal([&] { optim::Sgd(groups, {}); }, parts);
  };
  expect({"norm.running_mean", Tensor::zeros(1, 2, DType::f32)}, {"norm.running_mean", "gradient", "trainable"});
  expect({"nothing", Tensor()}, {"nothing", "undefined"});
  expect({"rows", Tensor::zeros(graph.n_nodes(), 2, DType::f32, graph.nodes(), Device::host()).set_requires_grad()},
         {"rows", "partitioned"});
  expect({"sum", ops::add(good.value, good.value)}, {"sum", "recorded"});
  expect({"part", tensor<float>({2, 3}, 0, Device::host()).column_view(0, 2).set_requires_grad()},
         {"part", "adjacent"});
  expect(alias, {"alias", "good", "one tensor"});
  expect({"detached", good.value.detach().set_requires_grad()}, {"detached", "good", "one tensor"});
  expect({"row", good.value.row_view(0, 1).set_requires_grad()}, {"row", "good", "one tensor"});
  expect(parameter("good", {3, 4}), {"two parameters are named good"});
  optim::Adam adam({good}, {});
  EXPECT_THROW(adam.set_steps_done(-1), UsageError);
}

TEST(OptimizersRefuse, BuffersOfAModel) {
  const auto norm = nn::make<nn::BatchNorm>(Scope(Random(0)) / "norm", {.in_channels = 4});
  const std::vector<NamedTensor> state = norm.state();
  expect_refusal([&] { optim::Adam(state, {}); }, {"norm.", "running_mean", "trainable"});
  optim::Adam adam(trainable(state), {});
  EXPECT_EQ(adam.parameters().size(), 2U);
  expect_refusal([&] { grad(ops::sum(adam.variables()[0]), std::vector{state.back().value}); }, {"gradient", "buffer"});
}

TEST(OptimizersRefuse, OptionsWithoutMeaning) {
  const std::vector<NamedTensor> w{parameter("w", {1})};
  for (const double bad : {-0.1, double(NAN), double(INFINITY)}) {
    EXPECT_THROW(optim::Adam(w, {.epsilon = bad}), UsageError);
    EXPECT_THROW(optim::Adam(w, {.weight_decay = bad}), UsageError);
    EXPECT_THROW(optim::Adam(w, {.beta1 = bad}), UsageError);
    EXPECT_THROW(optim::Adam(w, {.beta2 = bad}), UsageError);
    EXPECT_THROW(optim::Sgd(w, {.momentum = bad}), UsageError);
    EXPECT_THROW(optim::Sgd(w, {.weight_decay = bad}), UsageError);
    EXPECT_THROW(optim::Sgd(std::vector<optim::ParameterGroup>{{.parameters = w, .rate_factor = bad}}, {}), UsageError);
    EXPECT_THROW(optim::Sgd(std::vector<optim::ParameterGroup>{{.parameters = w, .weight_decay = bad}}, {}),
                 UsageError);
  }
  EXPECT_THROW(optim::Sgd(w, {.nesterov = true}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
