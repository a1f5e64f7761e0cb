// SPDX-License-Identifier: BSD-3-Clause
// The masks of dropout: how often, how large, and what they depend on. That ranks do not show is for the list of
// layers.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>

#include <halograph/core/error.hpp>
#include <halograph/nn/dropout.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

using Values = std::vector<double>;

Tensor ones(const Graph& graph, const RowSpacePtr& space, std::int64_t cols, DType dtype = DType::f64) {
  return Tensor::full(space->local_rows(), cols, 1, dtype, space, graph.device());
}

class DropoutMasks : public ::testing::Test {
 protected:
  const Graph graph_ = make_graph(Communicator(), {200, 1500, 7}, Device::host());
  const Random random_{5};

  Values nodes(const nn::Dropout& dropout, const nn::Mode& mode, DType dtype = DType::f64) const {
    return dropout(graph_, ones(graph_, graph_.nodes(), 8, dtype), mode).to_vector<double>();
  }
};

TEST_F(DropoutMasks, KeepTheirShareAndScaleIt) {
  for (const double p : {0.1, 0.5, 0.9}) {
    std::int64_t kept = 0;
    const Values y = nodes({Scope(random_) / "a", p}, nn::Mode::train(1));
    for (const double value : y) {
      if (value == 0) continue;
      EXPECT_DOUBLE_EQ(value, 1 / (1 - p));
      ++kept;
    }
    EXPECT_NEAR(double(kept) / double(y.size()), 1 - p, 0.04);
  }
}

TEST_F(DropoutMasks, AtTheEndsKeepAllOrNothing) {
  const nn::Mode training = nn::Mode::train();
  EXPECT_EQ(nodes({Scope(random_) / "a", 0}, training), Values(std::size_t(graph_.n_nodes() * 8), 1));
  EXPECT_EQ(nodes({Scope(random_) / "a", 1}, training), Values(std::size_t(graph_.n_nodes() * 8), 0));
  EXPECT_EQ(nodes({Scope(random_) / "a", 0.5}, nn::Mode::evaluate()), Values(std::size_t(graph_.n_nodes() * 8), 1));
}

TEST_F(DropoutMasks, DifferByNameStepAndSeedOnly) {
  const nn::Dropout dropout(Scope(random_) / "a", 0.5);
  const Values mask = nodes(dropout, nn::Mode::train(3));
  EXPECT_EQ(nodes(dropout, nn::Mode::train(3)), mask);
  EXPECT_EQ(nodes(dropout, nn::Mode::train(3), DType::f32), mask);
  EXPECT_NE(nodes(dropout, nn::Mode::train(4)), mask);
  EXPECT_NE(nodes({Scope(random_) / "b", 0.5}, nn::Mode::train(3)), mask);
  EXPECT_NE(nodes({Scope(Random(6)) / "a", 0.5}, nn::Mode::train(3)), mask);
}

TEST_F(DropoutMasks, FollowNodesAndEdgesIntoOtherPatches) {
  using Edge = std::tuple<std::int64_t, std::int64_t, int>;
  const nn::Dropout dropout(Scope(random_) / "a", 0.5);
  const auto masks = [&](std::int64_t patches) {
    const Graph graph = make_graph(Communicator(), {200, 1500, patches}, Device::host());
    std::map<std::int64_t, double> of_node;
    std::map<Edge, double> of_edge;
    const Values nodes = dropout(graph, ones(graph, graph.nodes(), 1), nn::Mode::train(2)).to_vector<double>();
    const Values edges = dropout(graph, ones(graph, graph.edges(), 1), nn::Mode::train(2)).to_vector<double>();
    for (std::size_t i = 0; i < nodes.size(); ++i) of_node[graph.node_id()[i]] = nodes[i];
    const auto target = graph.target_row().to_vector(), source = graph.source_row().to_vector();
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const std::int64_t ghost = source[e] - graph.n_nodes();
      const std::int64_t from =
          ghost < 0 ? graph.node_id()[std::size_t(source[e])] : graph.ghost_id()[std::size_t(ghost)];
      int place = 0;
      while (of_edge.count({graph.node_id()[std::size_t(target[e])], from, place}) > 0) ++place;
      of_edge[{graph.node_id()[std::size_t(target[e])], from, place}] = edges[e];
    }
    return std::pair(of_node, of_edge);
  };
  EXPECT_EQ(masks(7), masks(3));
}

TEST_F(DropoutMasks, TellEdgesApart) {
  const std::vector<std::int64_t> keys = nn::edge_keys(graph_);
  EXPECT_EQ(keys.size(), std::size_t(graph_.n_edges()));
  EXPECT_EQ(std::set<std::int64_t>(keys.begin(), keys.end()).size(), keys.size());
}

TEST(DropoutRefuses, WhatIsNoProbabilityOrBelongsElsewhere) {
  const Random random(1);
  EXPECT_THROW(nn::Dropout(Scope(random) / "a", -0.1), UsageError);
  EXPECT_THROW(nn::Dropout(Scope(random) / "a", 1.5), UsageError);
  const Graph graph = make_graph(Communicator(), {20, 50, 2}, Device::host());
  EXPECT_THROW(nn::Dropout(Scope(random) / "a", 0.5)(graph, ones(graph, graph.ghosts(), 2), nn::Mode::train()),
               UsageError);
}

}  // namespace
}  // namespace halograph::testing
