// SPDX-License-Identifier: BSD-3-Clause
// What optimizers keep decays to 0, and makes no denormal numbers on the way: moments and velocities without gradients,
// parameters under weight decay, gradients too small to square.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/core/threads.hpp>
#include <halograph/optim/clip.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/denormals.hpp"

namespace halograph::testing {
namespace {

class Decay : public ::testing::TestWithParam<DType> {
 protected:
  void SetUp() override { set_threads(1); }  // flags belong to a thread

  Tensor row(double first, double factor) const {
    std::vector<double> values;
    for (int i = 0; i < 37; ++i) values.push_back(first * std::pow(factor, i));
    return Tensor::from(values, 1, 37, GetParam());
  }
  Tensor parameter(double first, double factor) const { return row(first, factor).set_requires_grad(); }
  static double largest(const Tensor& x) {
    double found = 0;
    for (const double value : x.to_vector<double>()) found = std::max(found, std::abs(value));
    return found;
  }
  /// Of thousands of steps in f32 only: the powers of beta, one double a step, underflow in as many as f64 needs.
  void expect_no_denormals(const std::string& found, bool many_steps) const {
    if (denormals_are_visible && !(many_steps && GetParam() == DType::f64)) {
      EXPECT_EQ(found, "");
    }
  }
  double range() const { return GetParam() == DType::f32 ? 126 : 1022; }  // of exponents
};
INSTANTIATE_TEST_SUITE_P(Types, Decay, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& type) { return std::string(name_of(type.param)); });

TEST_P(Decay, OfMomentsEndsInZero) {
  for (const bool decoupled : {false, true}) {
    const Tensor p = parameter(1, 0.9);
    optim::Adam adam({{"p", p}}, {.beta1 = 0.9, .beta2 = 0.9, .decoupled = decoupled});
    const Tensor zero = Tensor::zeros(1, 37, GetParam());
    const int steps = int((range() - 10) * std::log(2.0) / -std::log(0.9));
    expect_no_denormals(denormals_of([&] {
                          adam.step(std::vector<Tensor>{row(1e-3, 0.5)}, 1e-3);
                          for (int i = 0; i < steps; ++i) adam.step(std::vector<Tensor>{zero}, 1e-3);
                        }),
                        true);
    for (const NamedTensor& state : adam.state()) EXPECT_EQ(largest(state.value), 0) << state.name;
    EXPECT_NEAR(p.to_vector<double>()[0], 1, 0.01);
  }
}

TEST_P(Decay, OfVelocitiesEndsInZero) {
  for (const bool nesterov : {false, true}) {
    const Tensor p = parameter(1, 0.9);
    optim::Sgd sgd({{"p", p}}, {.momentum = 0.8, .nesterov = nesterov});
    const Tensor zero = Tensor::zeros(1, 37, GetParam());
    const int steps = int(range() * std::log(2.0) / -std::log(0.8));
    expect_no_denormals(denormals_of([&] {
                          sgd.step(std::vector<Tensor>{row(1e-3, 0.5)}, 1e-3);
                          for (int i = 0; i < steps; ++i) sgd.step(std::vector<Tensor>{zero}, 1e-3);
                        }),
                        true);
    for (const NamedTensor& state : sgd.state()) EXPECT_EQ(largest(state.value), 0) << state.name;
  }
}

TEST_P(Decay, OfWeightsEndsInZero) {
  const int steps = int((range() - 10) * std::log(2.0) / -std::log(0.9));
  const Tensor zero = Tensor::zeros(1, 37, GetParam()), p = parameter(1, 0.9), q = parameter(1, 0.9);
  optim::Sgd sgd({{"p", p}}, {.weight_decay = 1});
  optim::Adam adam({{"q", q}}, {.beta1 = 0.9, .beta2 = 0.9, .weight_decay = 1, .decoupled = true});
  expect_no_denormals(denormals_of([&] {
                        for (int i = 0; i < steps; ++i) {
                          sgd.step(std::vector<Tensor>{zero}, 0.1);
                          adam.step(std::vector<Tensor>{zero}, 0.1);
                        }
                      }),
                      true);
  EXPECT_EQ(largest(p), 0);
  EXPECT_EQ(largest(q), 0);
}

/// Down to gradients of which not even one step is left, all kinds of updates.
TEST_P(Decay, OfGradientsIsNoMatterOfUpdates) {
  const double tiny = std::ldexp(1.0, int(-range()));
  for (const double factor : {0.1, 0.003}) {
    Tensor g = row(0.01, factor);
    std::vector<double> values = g.to_vector<double>();
    for (double& value : values)
      if (std::abs(value) < tiny) value = 0;
    g.assign(values);
    expect_no_denormals(denormals_of([&] {
                          optim::Adam adam({{"p", parameter(1, 0.9)}}, {});
                          optim::Sgd sgd({{"p", parameter(1, 0.9)}}, {.momentum = 0.9, .nesterov = true});
                          optim::Sgd plain({{"p", parameter(0, 1)}}, {});
                          for (int i = 0; i < 20; ++i) {
                            adam.step(std::vector<Tensor>{g}, 1e-3);
                            sgd.step(std::vector<Tensor>{g}, 1e-3);
                            plain.step(std::vector<Tensor>{g}, 1e-3);
                          }
                          optim::norm(std::vector<Tensor>{g});
                        }),
                        false);
  }
}

/// What is given up is less than a step moves a parameter by.
TEST_P(Decay, KeepsWhatMatters) {
  const double g = GetParam() == DType::f32 ? 1e-14 : 1e-140, epsilon = GetParam() == DType::f32 ? 1e-16 : 1e-150;
  const Tensor p = parameter(0, 1);
  optim::Adam adam({{"p", p}}, {.epsilon = epsilon});
  for (int i = 0; i < 10; ++i) adam.step(std::vector<Tensor>{row(g, 1)}, 1e-3);
  for (const double value : p.to_vector<double>()) EXPECT_NEAR(value, -0.01, 2e-4);  // whatever the size of gradients
}

}  // namespace
}  // namespace halograph::testing
