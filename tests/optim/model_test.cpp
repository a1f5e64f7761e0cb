// SPDX-License-Identifier: BSD-3-Clause
// Optimizers take a model with the rate among their options, or are described before the model is there.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/core/scope.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/optim/optimizer.hpp>

namespace halograph {
namespace {

/// A parameter that stands under two names, and a buffer.
struct Net {
  explicit Net(const Scope& s) : weight(s.normal("weight", 2, 3)), average(s.buffer("average", 1, 3, 1.0)) {
    s.add("same", weight);
  }
  Tensor weight, average;
};

nn::Model<Net> model() { return nn::make<Net>(Scope(Random(3), DType::f64)); }

std::vector<Tensor> gradient() {
  return {Tensor::from(std::vector<double>{1, -2, 3, 0, 1e3, -1e-3}, 2, 3, DType::f64)};
}

template <class Optimizer>
std::vector<double> after_three_steps(const nn::Model<Net>& net, Optimizer& optimizer) {
  for (int k = 0; k < 3; ++k) optimizer.step(gradient());
  return net->weight.template to_vector<double>();
}

TEST(OptimizerOfAModel, UpdatesItsParametersOnceAtTheRateOfTheOptions) {
  const auto a = model(), b = model(), c = model();
  optim::Adam adam(a, {.rate = 0.25, .weight_decay = 0.5});
  ASSERT_EQ(adam.parameters().size(), 1u);
  EXPECT_EQ(adam.parameters()[0].name, "weight");
  optim::Adam given(parameters(b), {.weight_decay = 0.5});
  for (int k = 0; k < 3; ++k) given.step(gradient(), 0.25);
  EXPECT_EQ(after_three_steps(a, adam), b->weight.to_vector<double>());
  EXPECT_NE(a->weight.to_vector<double>(), c->weight.to_vector<double>());
  EXPECT_EQ(a->average.to_vector<double>(), std::vector<double>(3, 1.0));
}

TEST(OptimizerOfAModel, AdamWIsAdamWithADecoupledDecay) {
  const auto a = model(), b = model();
  optim::AdamW adamw(a, {.rate = 0.25, .weight_decay = 0.125});
  optim::Adam adam(b, {.rate = 0.25, .weight_decay = 0.125, .decoupled = true});
  EXPECT_EQ(after_three_steps(a, adamw), after_three_steps(b, adam));
  EXPECT_EQ(optim::AdamWOptions{}.weight_decay, 0.01);
}

TEST(OptimizerOfAModel, FollowsASchedule) {
  const auto a = model(), b = model();
  optim::Sgd sgd(a, {.rate = 7, .schedule = optim::step_decay(0.5, 0.5, 1)});
  optim::Sgd plain(b);
  for (const double rate : {0.5, 0.25, 0.125}) {
    EXPECT_EQ(sgd.next_rate(), rate);
    sgd.step(gradient());
    plain.step(gradient(), rate);
  }
  EXPECT_EQ(a->weight.to_vector<double>(), b->weight.to_vector<double>());
}

TEST(OptimizerOfAModel, MayBeDescribedBeforeTheModelIsThere) {
  const std::vector<optim::OptimizerMaker> makers{optim::adam({.rate = 0.1}), optim::adamw({.rate = 0.1}),
                                                  optim::sgd({.rate = 0.1, .momentum = 0.5})};
  const auto a = model(), b = model(), c = model();
  EXPECT_EQ(makers[0](parameters(a))->next_rate(), 0.1);
  optim::AdamW direct(b, {.rate = 0.1});
  const auto made = makers[1](parameters(c));
  EXPECT_EQ(after_three_steps(c, *made), after_three_steps(b, direct));
  EXPECT_EQ(makers[2](parameters(a))->state()[0].name, "weight.velocity");
}

TEST(OptimizerOfAModel, RefusesARateThatIsNone) {
  for (const double bad : {-1.0, std::nan("")}) {
    EXPECT_THROW(optim::Adam(model(), {.rate = bad}), UsageError);
    EXPECT_THROW(optim::AdamW(model(), {.rate = bad}), UsageError);
    EXPECT_THROW(optim::Sgd(model(), {.rate = bad}), UsageError);
  }
}

}  // namespace
}  // namespace halograph
