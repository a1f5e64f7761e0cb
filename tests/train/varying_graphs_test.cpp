// SPDX-License-Identifier: BSD-3-Clause
// Training steps over graphs whose size changes from one to the next: after the first hundred neither what is kept for
// reuse nor what the process holds goes on growing.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/device.hpp>
#include <halograph/core/state.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/graph/rewire/edge_list.hpp>
#include <halograph/graph/setup/small_graphs.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/nn/pool/global_pool.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/problems/test_graph.hpp"
#include "tests/support/resident.hpp"

namespace halograph::testing {
namespace {

double uniform(std::uint64_t a, std::uint64_t b) { return double(mix(mix(a) ^ b) >> 11) * 0x1p-53; }

struct Held {
  std::int64_t cached, resident;
};

/// The most that is held at the end of steps [first, end).
Held most_held(const std::function<void(std::uint64_t)>& step, std::uint64_t first, std::uint64_t end) {
  Held most{0, 0};
  for (std::uint64_t i = first; i < end; ++i) {
    step(i);
    most.cached = std::max(most.cached, memory_use().cached);
    most.resident = std::max(most.resident, resident_bytes());
  }
  return most;
}

void expect_no_growth(const std::function<void(std::uint64_t)>& step, std::uint64_t steps) {
  release_cached_memory();
  const std::int64_t live = memory_use().live;
  const Held early = most_held(step, 0, 100), late = most_held(step, 100, steps);
  EXPECT_LE(double(late.cached), std::max(1.05 * double(early.cached), double(16 << 20)));
  EXPECT_LE(double(late.resident), 1.05 * double(early.resident));
  EXPECT_EQ(memory_use().live, live);
  ::testing::Test::RecordProperty("resident_early", cat(early.resident));
  ::testing::Test::RecordProperty("resident_late", cat(late.resident));
  release_cached_memory();
}

Tensor features(const Graph& graph, std::uint64_t step, std::int64_t cols) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < graph.n_nodes() * cols; ++i) values.push_back(uniform(step, std::uint64_t(i)));
  return Tensor::from(values, graph.n_nodes(), cols, DType::f32, graph.nodes(), graph.device());
}

TEST(VaryingGraphs, OfRandomEdges) {
  const Graph nodes = make_graph(Communicator(), {600, 1200, 7}, Device::host());
  const auto conv =
      nn::make<nn::SAGEConv>(Scope(Random(1), DType::f32) / "conv", {.in_channels = 8, .out_channels = 8});
  optim::Adam adam = optim::Adam(parameters(conv), {});
  expect_no_growth(
      [&](std::uint64_t step) {
        const std::int64_t n = nodes.n_nodes(), m = 500 + std::int64_t(mix(step) % 4000);
        EdgeList edges;
        const EdgeList known = edge_list(nodes);
        for (std::int64_t e = 0; e < m; ++e) {
          const std::size_t from = std::size_t(mix(step * 7919 + std::uint64_t(e)) % known.source_id.size());
          edges.target_row.push_back(std::int32_t(mix(step + std::uint64_t(e) * 104729) % std::uint64_t(n)));
          edges.source_id.push_back(known.source_id[from]);
          edges.source_patch.push_back(known.source_patch[from]);
          edges.edge_id.push_back(e);
        }
        const Graph graph = with_edges(nodes, edges).graph;
        const Tensor x = features(graph, step, 8);
        adam.step(grad(ops::mean_square_error(conv(graph, x), x), adam.variables()), 1e-3);
      },
      1000);
}

TEST(VaryingGraphs, OfNearestNeighbours) {
  const Graph nodes = make_graph(Communicator(), {500, 10, 7}, Device::host());
  const auto conv = nn::make<nn::GCNConv>(Scope(Random(1), DType::f32) / "conv", {.in_channels = 3, .out_channels = 3});
  optim::Adam adam = optim::Adam(parameters(conv), {});
  expect_no_growth(
      [&](std::uint64_t step) {
        const Tensor x = features(nodes, step, 3);
        const Graph graph = knn_graph(nodes, x, {.k = std::int64_t(2 + mix(step) % 12)});
        adam.step(grad(ops::mean_square_error(conv(graph, x), x), adam.variables()), 1e-3);
      },
      1000);
}

/// A chain of random length.
SmallGraph chain(std::uint64_t seed) {
  SmallGraph graph;
  graph.n_nodes = std::int64_t(2 + mix(seed) % 60);
  for (std::int32_t i = 0; i + 1 < graph.n_nodes; ++i) {
    graph.source.insert(graph.source.end(), {i, i + 1});
    graph.target.insert(graph.target.end(), {i + 1, i});
  }
  for (std::int64_t i = 0; i < 16 * graph.n_nodes; ++i) graph.nodes["x"].push_back(uniform(seed, std::uint64_t(i)));
  graph.whole["y"] = {double(graph.n_nodes) / 60};
  return graph;
}

TEST(VaryingGraphs, OfBatches) {
  const auto conv =
      nn::make<nn::SAGEConv>(Scope(Random(1), DType::f32) / "conv", {.in_channels = 16, .out_channels = 1});
  optim::Adam adam = optim::Adam(parameters(conv), {});
  expect_no_growth(
      [&](std::uint64_t step) {
        std::vector<SmallGraph> list;
        for (std::uint64_t g = 0; g < 2 + mix(step) % 40; ++g) list.push_back(chain(1000 * step + g));
        const GraphBatch batch = batch_graphs(Communicator(), list, {.device = Device::host()});
        const Tensor y = nn::global_add_pool(batch.batch(), conv(batch.graph(), batch.nodes("x", DType::f32)));
        adam.step(grad(ops::mean_square_error(y, batch.whole("y", DType::f32)), adam.variables()), 1e-3);
      },
      1000);
}

}  // namespace
}  // namespace halograph::testing
