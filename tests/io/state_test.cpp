// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/state.hpp>

#include <gtest/gtest.h>

#include <halograph/core/error.hpp>
#include <halograph/core/state.hpp>

namespace halograph::io {
namespace {

using State = std::vector<NamedTensor>;

Tensor row(const std::vector<double>& values, DType dtype = DType::f64) {
  return Tensor::from(values, 1, std::int64_t(values.size()), dtype);
}

/// A state of zeros: two parameters, one of them listed twice, and a buffer.
State zeros() {
  Tensor weight = Tensor::zeros(2, 3, DType::f32), bias = Tensor::zeros(1, 2, DType::f32);
  weight.set_requires_grad();
  bias.set_requires_grad();
  return {{"a.weight", weight, {1, 2, 3}},
          {"a.bias", bias, true},
          {"b.bias", bias, true},
          {"eps", Tensor::zeros(1, 1, DType::f32), true}};
}

State given() {
  return {{"eps", row({0.5})},
          {"a.weight", Tensor::from<double>({1, 2, 3, 4, 5, 6}, 2, 3, DType::f64)},
          {"a.bias", row({7, 8}), true}};
}

void refused(const State& from, const std::string& message, const StateOptions& options = {}) {
  const State into = zeros();
  try {
    load_state(into, from, "m.safetensors", options);
    FAIL() << "no error: " << message;
  } catch (const UsageError& error) {
    EXPECT_EQ(error.what(), "m.safetensors: " + message);
  }
  for (const NamedTensor& tensor : into)
    for (const double value : tensor.value.to_vector<double>()) EXPECT_EQ(value, 0) << tensor.name << ", " << message;
}

TEST(State, IsLoadedByName) {
  const State into = zeros();
  EXPECT_TRUE(load_state(into, given(), "m").empty());
  EXPECT_EQ(into[0].value.to_vector<double>(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(into[0].value.dtype(), DType::f32);
  EXPECT_TRUE(into[0].value.requires_grad());
  EXPECT_EQ(into[2].value.to_vector<double>(), (std::vector<double>{7, 8}));
  EXPECT_EQ(into[3].value.item(), 0.5);
}

TEST(State, IsLoadedUnderOtherBeginningsOfNames) {
  State from = given();
  for (NamedTensor& tensor : from) tensor.name = "module." + tensor.name;
  from[2].name = "net.b.bias";
  const State into = zeros();
  load_state(into, from, "m", {.prefixes = {{"module.", ""}, {"net.", ""}}});
  EXPECT_EQ(into[1].value.to_vector<double>(), (std::vector<double>{7, 8}));
  refused(from, "holds 'module.a.weight', which the network does not have");
}

TEST(State, ThatDoesNotFitIsRefusedAsAWhole) {
  State from = given();
  from.pop_back();
  refused(from, "has no tensor 'a.bias'");
  from = given();
  from.push_back({"c", row({1})});
  refused(from, "holds 'c', which the network does not have");
  from = given();
  from[2].value = row({7, 8, 9});
  refused(from, "tensor 'a.bias' is [3], expected [2]");
  from = given();
  from[2] = {"a.bias", Tensor::from<double>({7, 8}, 2, 1, DType::f64)};
  refused(from, "tensor 'a.bias' is [2, 1], expected [2]");
  from = given();
  from[1].axes = {2, 1, 3};
  refused(from, "tensor 'a.weight' is [2, 1, 3], expected [1, 2, 3]");
  from = given();
  from.push_back({"b.bias", row({7, 9}), true});
  refused(from, "tensors 'a.bias' and 'b.bias' stand for one tensor and differ");
  from = given();
  from.push_back({"x.eps", row({0.5})});
  refused(from, "tensors 'eps' and 'x.eps' both stand for 'eps'", {.prefixes = {{"x.", ""}}});
}

TEST(State, MayLackPartnersIfNotStrict) {
  State from = given();
  from.erase(from.begin());
  from.push_back({"norm.num_batches_tracked", row({100})});
  from.push_back({"c", row({1})});
  const State into = zeros();
  EXPECT_EQ(load_state(into, from, "m", {.strict = false}),
            (std::vector<std::string>{"c", "norm.num_batches_tracked", "eps"}));
  EXPECT_EQ(into[1].value.to_vector<double>(), (std::vector<double>{7, 8}));
  from[1].value = row({7});
  refused(from, "tensor 'a.bias' is [1], expected [2]", {.strict = false});
}

TEST(State, OfCountersNeedNoPartner) {
  State from = given();
  from.push_back({"norm.num_batches_tracked", row({100})});
  EXPECT_EQ(load_state(zeros(), from, "m"), std::vector<std::string>{"norm.num_batches_tracked"});
  refused(from, "holds 'norm.num_batches_tracked', which the network does not have", {.ignored = {}});
}

TEST(State, IsTrainedWhereItRequiresAGradientAndOnce) {
  const State list = trainable(zeros());
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].name, "a.weight");
  EXPECT_EQ(list[1].name, "a.bias");
}

}  // namespace
}  // namespace halograph::io
