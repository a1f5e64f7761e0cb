// SPDX-License-Identifier: BSD-3-Clause
// What models of whole graphs are known to satisfy: published numbers of parameters, sums that follow from the formula,
// options that are refused.
#include <gtest/gtest.h>

#include <halograph/core/error.hpp>
#include <halograph/nn/conv/gar_net.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/interaction_network.hpp>
#include <halograph/nn/models/neural_fingerprint.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

using Network = nn::InteractionNetworkOptions;
const Random random_numbers(3);

std::int64_t parameters_of(const Network& options) {
  std::int64_t n = 0;
  for (const NamedTensor& named : state(nn::make<nn::InteractionNetwork>(Scope(random_numbers), options)))
    n += named.value.rows() * named.value.cols();
  return n;
}

Network jedi(std::int64_t hidden, std::int64_t edge_out, std::int64_t node_out, std::int64_t targets,
             std::int64_t constituents) {
  return {.in_channels = 16,
          .hidden = hidden,
          .edge_out = edge_out,
          .node_out = node_out,
          .readout = constituents > 0 ? Network::Readout::flatten : Network::Readout::sum,
          .targets = targets,
          .constituents = constituents};
}

TEST(InteractionNetworks, HaveThePublishedNumbersOfParameters) {
  EXPECT_EQ(parameters_of(jedi(30, 10, 10, 5, 100)), 33625);
  EXPECT_EQ(parameters_of(jedi(50, 14, 10, 5, 0)), 8329);
  EXPECT_EQ(parameters_of(jedi(64, 64, 16, 2, 150)), 169906);
  EXPECT_EQ(parameters_of(jedi(256, 64, 32, 2, 0)), 148962);
}

TEST(InteractionNetworks, RefuseReadoutsThatDoNotFit) {
  const auto make = [](Network options) {
    options.in_channels = options.edge_out = options.node_out = 2;
    options.hidden = 4;
    return nn::InteractionNetwork(Scope(random_numbers, DType::f64) / "jedi", options);
  };
  EXPECT_THROW(make({.targets = 3}), UsageError);
  EXPECT_THROW(make({.readout = Network::Readout::sum}), UsageError);
  EXPECT_THROW(make({.readout = Network::Readout::flatten, .targets = 3}), UsageError);
  const Graph graph = make_graph(Communicator(), {20, 60, 3}, Device::preferred());
  const Batch batch(graph);
  const Tensor x = random_operand(graph, {Where::nodes, 2}, DType::f64, 1);
  const std::vector<std::int32_t> place(20, 1);
  EXPECT_THROW(make({})(graph, batch, x), UsageError);
  EXPECT_THROW(make({})(graph, batch, x, place), UsageError);
  const auto flat = make({.readout = Network::Readout::flatten, .targets = 3, .constituents = 2});
  EXPECT_EQ(flat(graph, batch, x, place).cols(), 3);
  EXPECT_THROW(flat(graph, batch, x, std::vector<std::int32_t>(20, 2)), UsageError);
  EXPECT_THROW(flat(graph, batch, random_operand(graph, {Where::nodes, 3}, DType::f64, 1), place), UsageError);
}

TEST(MFConvs, KeepNothingOfAnotherGraph) {
  const auto make = [] {
    return nn::MFConv(Scope(random_numbers, DType::f64) / "conv",
                      {.in_channels = 4, .out_channels = 3, .max_degree = 3});
  };
  const auto run = [](const nn::MFConv& conv, std::int64_t edges) {
    const Graph graph = make_graph(Communicator(), {40, edges, 3}, Device::preferred());
    return conv(graph, random_operand(graph, {Where::nodes, 4}, DType::f64, 1)).to_vector<double>();
  };
  const nn::MFConv conv = make();
  for (const std::int64_t edges : {200, 50, 200}) EXPECT_EQ(run(conv, edges), run(make(), edges));
}

TEST(NeuralFingerprints, SumToNodesTimesLayers) {
  const Graph graph = make_graph(Communicator(), {40, 200, 7}, Device::preferred());
  std::vector<std::int32_t> number;
  std::vector<double> expected(3, 0);
  for (std::int32_t r = 0; r < graph.n_nodes(); ++r) {
    number.push_back(r % 5 == 0 ? 0 : 2);
    expected[std::size_t(number.back())] += 3;
  }
  const Batch batch(graph.nodes(), number, 3, graph.device());
  const nn::NeuralFingerprint model(
      Scope(random_numbers, DType::f64) / "fp",
      {.in_channels = 4, .hidden_channels = 5, .out_channels = 6, .num_layers = 3, .max_degree = 2});
  const Tensor x = random_operand(graph, {Where::nodes, 4}, DType::f64, 1);
  const std::vector<double> found = ops::sum_columns(model(graph, batch, x)).to_vector<double>();
  for (std::size_t g = 0; g < 3; ++g) EXPECT_NEAR(found[g], expected[g], 1e-12);
}

TEST(GarNets, RefuseOptionsThatDoNotFit) {
  using Options = nn::GarNetOptions;
  const auto make = [](Options options) {
    options.in_channels = options.out_channels = options.propagate = 2;
    return nn::GarNet(Scope(random_numbers, DType::f64) / "garnet", options);
  };
  EXPECT_THROW(make({}), UsageError);
  EXPECT_THROW(make({.aggregators = 2, .norm = 16.0}), UsageError);
  EXPECT_THROW(make({.aggregators = 2, .collapse = Options::Collapse::mean}), UsageError);
  EXPECT_THROW(make({.aggregators = 2, .mode = Options::Mode::simplified, .norm = -1.0}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
