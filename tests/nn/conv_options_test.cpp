// SPDX-License-Identifier: BSD-3-Clause
// What convolutions refuse, and what options promise beside values.
#include <gtest/gtest.h>

#include <halograph/core/error.hpp>
#include <halograph/nn/conv/cg_conv.hpp>
#include <halograph/nn/conv/cheb_conv.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/gin_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/conv/simple_conv.hpp>
#include <halograph/nn/model.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

/// The message of the UsageError that `call` throws.
template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

void expect_names(const std::string& message, std::initializer_list<const char*> words) {
  for (const char* word : words) EXPECT_NE(message.find(word), std::string::npos) << word << " in: " << message;
}

const Random seed(1);

TEST(ConvOptions, ThatDoNotFitAreNamed) {
  expect_names(refusal([] {
                 nn::GCNConv(Scope(seed, DType::f64) / "c",
                             {.in_channels = 4, .out_channels = 2, .add_self_loops = true, .normalize = false});
               }),
               {"GCNConv c", "add_self_loops", "normalize"});
  expect_names(refusal([] { nn::GCNConv(Scope(seed, DType::f64) / "c", {.in_channels = 4}); }),
               {"c.lin", "0 output channels"});
  expect_names(
      refusal([] {
        nn::NNConv(Scope(seed, DType::f64) / "c", {.in_channels = 4, .out_channels = 2, .nn = {.channels = {3, 7}}});
      }),
      {"NNConv c", "7", "8"});
  expect_names(
      refusal([] { nn::SAGEConv(Scope(seed, DType::f64) / "c", {.in_channels = 4, .out_channels = 2, .aggr = {}}); }),
      {"SAGEConv c", "aggregator"});
  expect_names(refusal([] { nn::SimpleConv({.aggr = {}}); }), {"SimpleConv", "aggregator"});
  expect_names(
      refusal([] {
        nn::SimpleConv({.aggr = {ops::Aggregation::sum, ops::Aggregation::max}, .combine_root = nn::CombineRoot::sum});
      }),
      {"SimpleConv", "combine_root", "2"});
  EXPECT_EQ(nn::name_of(nn::parse_combine_root("self_loop")), "self_loop");
  expect_names(refusal([] { nn::parse_combine_root("dog"); }), {"dog", "self_loop"});
  expect_names(
      refusal([] { nn::ChebConv(Scope(seed, DType::f64) / "c", {.in_channels = 4, .out_channels = 2, .K = 0}); }),
      {"ChebConv c", "K is 0"});
}

TEST(ConvOptions, InputsThatDoNotFitAreNamed) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  const Tensor x = random_operand(graph, {Where::nodes, 5}, DType::f64, 1);
  const Tensor e = random_operand(graph, {Where::edges, 3}, DType::f64, 2);
  expect_names(
      refusal([&] { nn::GCNConv(Scope(seed, DType::f64) / "c", {.in_channels = 4, .out_channels = 2})(graph, x); }),
      {"GCNConv c", "4"});
  expect_names(refusal([&] { nn::CGConv(Scope(seed, DType::f64) / "c", {.channels = 5, .dim = 3})(graph, x); }),
               {"CGConv c", "3"});
  expect_names(refusal([&] {
                 nn::GINEConv(Scope(seed, DType::f64) / "c", {.nn = {.channels = {5, 4}}})(graph, x, e);
               }),
               {"GINEConv c", "edge_dim"});
}

TEST(ConvOptions, NormalisedRowsHaveLengthOneOrAreZero) {
  const Graph graph = make_graph(Communicator(), size, Device::preferred());
  const nn::SAGEConv conv(Scope(seed, DType::f64) / "c",
                          {.in_channels = 5, .out_channels = 4, .normalize = true, .bias = false});
  const Array length =
      to_array(conv(graph, random_operand(graph, {Where::nodes, 5}, DType::f64, 1))).square().rowwise().sum();
  EXPECT_LE((length - 1).abs().maxCoeff(), 1e-14);
  const Tensor zero = Tensor::zeros(graph.n_nodes(), 5, DType::f64, graph.nodes());
  EXPECT_EQ(to_array(conv(graph, zero)).abs().maxCoeff(), 0);
}

TEST(ConvOptions, ABufferIsNotTrained) {
  const auto state =
      nn::make<nn::GINConv>(Scope(seed, DType::f64) / "c", {.nn = {.channels = {5, 4}}, .eps = 0.5}).state();
  ASSERT_EQ(state.front().name, "c.eps");
  EXPECT_FALSE(state.front().value.requires_grad());
  EXPECT_EQ(state.front().value.item(), 0.5);
}

}  // namespace
}  // namespace halograph::testing
