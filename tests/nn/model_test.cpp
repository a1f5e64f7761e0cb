// SPDX-License-Identifier: BSD-3-Clause
// A network of one's own as a Model: how it is made, what its state is, what its copies share, how it goes through a
// file.
#include <halograph/nn/model.hpp>

#include <gtest/gtest.h>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/io/state.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/digests/bits.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

struct NetOptions {
  std::int64_t in = 3, hidden = 4;
};

/// Its members stand in another order than their use.
struct Net {
  using Options = NetOptions;
  Net(const Scope& scope, const NetOptions& options)
      : last(scope / "last", options.hidden, 1),
        norm(scope / "norm", {.in_channels = options.hidden}),
        first(scope / "first", options.in, options.hidden, {.bias = false}) {}

  Tensor operator()(const Tensor& x, const nn::Mode& mode = {}) const { return last(ops::tanh(norm(first(x), mode))); }

  nn::Linear last;
  nn::BatchNorm norm;
  nn::Linear first;
};

std::vector<std::string> names_of(const std::vector<NamedTensor>& tensors) {
  std::vector<std::string> names;
  for (const NamedTensor& named : tensors) names.push_back(named.name);
  return names;
}

bool same_states(const HasState auto& a, const HasState auto& b) {
  const std::vector<NamedTensor> left = state(a), right = state(b);
  bool same = names_of(left) == names_of(right);
  for (std::size_t i = 0; same && i < left.size(); ++i) same = same_bits(left[i].value, right[i].value);
  return same;
}

class Model : public ::testing::Test {
 protected:
  const Scope scope{Random(5), DType::f64};
  const Tensor x = Tensor::from<double>({1, 2, 3, -4, 5, 0.5, 0.25, -1, 2}, 3, 3, DType::f64);
};

TEST_F(Model, IsMadeInThreeForms) {
  const NetOptions options{.in = 3, .hidden = 5};
  const nn::Model<Net> by_arguments = nn::make<Net>(scope, options);
  const auto in_braces = nn::make<Net>(scope, {.in = 3, .hidden = 5});
  const auto turned = nn::make<Net>({.in = 3, .hidden = 5}, scope);
  EXPECT_TRUE(same_states(by_arguments, in_braces));
  EXPECT_TRUE(same_states(by_arguments, turned));
  EXPECT_TRUE(same_bits(by_arguments(x), turned(x)));
  const auto linear = nn::make<nn::Linear>(scope / "first", 3, 5, nn::LinearOptions{.bias = false});
  EXPECT_TRUE(same_bits(linear->weight, (*turned).first.weight));
  EXPECT_EQ(turned->last.weight.cols(), 5);
}

TEST_F(Model, ListsItsStateInTheOrderOfItsMembers) {
  const auto net = nn::make<Net>(scope / "net", {});
  EXPECT_EQ(
      names_of(state(net)),
      (std::vector<std::string>{"net.last.weight", "net.last.bias", "net.norm.module.weight", "net.norm.module.bias",
                                "net.norm.module.running_mean", "net.norm.module.running_var",
                                "net.norm.module.num_batches_tracked", "net.first.weight"}));
  EXPECT_EQ(names_of(parameters(net)),
            (std::vector<std::string>{"net.last.weight", "net.last.bias", "net.norm.module.weight",
                                      "net.norm.module.bias", "net.first.weight"}));
}

TEST_F(Model, HasAStateOfItsOwn) {
  const std::size_t before = scope.state().size();
  const auto one = nn::make<Net>(scope, {}), other = nn::make<Net>(scope, {});
  EXPECT_EQ(scope.state().size(), before);
  EXPECT_TRUE(same_states(one, other));
  Tensor(state(one)[1].value).assign(std::vector<double>{7});
  EXPECT_FALSE(same_states(one, other));
  EXPECT_NEAR(one(x).to_vector<double>()[0] - other(x).to_vector<double>()[0], 7 - other->last.bias.item(), 1e-14);
}

TEST_F(Model, SharesParametersAndBuffersWithCopies) {
  const auto net = nn::make<Net>(scope, {});
  const auto copy = net;
  for (std::size_t i = 0; i < state(net).size(); ++i)
    EXPECT_EQ(state(net)[i].value.handle(), state(copy)[i].value.handle());
  const Tensor before = net(x);
  copy(x, nn::Mode::train());
  EXPECT_FALSE(same_bits(net(x), before)) << "running averages are not shared";
}

TEST_F(Model, HasGradientsInTheOrderOfItsParameters) {
  const auto net = nn::make<Net>(scope, {});
  const auto loss = [&] { return ops::sum(ops::square(net(x, nn::Mode::train()))); };
  const std::vector<Tensor> found = grad(loss(), net);
  const std::vector<NamedTensor> list = parameters(net);
  ASSERT_EQ(found.size(), list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    EXPECT_TRUE(same_bits(found[i], grad(loss(), std::vector{list[i].value})[0])) << list[i].name;
    EXPECT_EQ(found[i].rows(), list[i].value.rows()) << list[i].name;
  }
  EXPECT_GT(std::abs(found[1].item()), 1e-3);
}

TEST_F(Model, ComesBackFromAFile) {
  const test::Scratch scratch;
  const auto trained = nn::make<Net>(scope, {});
  trained(x, nn::Mode::train());
  for (const std::string& path : {scratch / "w.h5", scratch / "w.safetensors"}) {
    io::save({}, path, trained);
    const auto loaded = nn::make<Net>(Scope(Random(6), DType::f64), {});
    EXPECT_FALSE(same_bits(loaded(x), trained(x)));
    EXPECT_TRUE(io::load({}, path, loaded).empty());
    EXPECT_TRUE(same_states(loaded, trained)) << path;
    EXPECT_TRUE(same_bits(loaded(x), trained(x))) << path;
  }
}

TEST_F(Model, RefusesTheFileOfAnotherOne) {
  const test::Scratch scratch;
  const std::string path = scratch / "w.safetensors";
  io::save({}, path, nn::make<Net>(scope, {.hidden = 5}));
  const auto net = nn::make<Net>(Scope(Random(6), DType::f64), {.hidden = 4});
  expect_refusal([&] { io::load({}, path, net); }, {path, "'last.weight'", "[1, 5]", "[1, 4]"});
  EXPECT_TRUE(same_states(net, nn::make<Net>(Scope(Random(6), DType::f64), {.hidden = 4}))) << "half of it was loaded";
}

/// A tensor with two names is saved under both and loaded once.
TEST_F(Model, ComesBackWithTensorsOfSeveralNames) {
  const test::Scratch scratch;
  const nn::SchNetOptions small{
      .hidden_channels = 4, .num_filters = 3, .num_interactions = 1, .num_gaussians = 5, .max_z = 4};
  const auto saved = nn::make<nn::SchNet>(scope, small);
  EXPECT_LT(parameters(saved).size(), state(saved).size() - 1);
  for (const std::string& path : {scratch / "w.h5", scratch / "w.safetensors"}) {
    io::save({}, path, saved);
    const auto loaded = nn::make<nn::SchNet>(Scope(Random(6), DType::f64), small);
    EXPECT_TRUE(io::load({}, path, loaded).empty());
    EXPECT_TRUE(same_states(loaded, saved));
  }
}

}  // namespace
}  // namespace halograph::testing
