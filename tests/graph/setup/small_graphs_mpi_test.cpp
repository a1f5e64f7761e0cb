// SPDX-License-Identifier: BSD-3-Clause
// Lists of small graphs as one: what stands where, the same bits as on one rank, and what is refused.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/core/state.hpp>
#include <halograph/graph/setup/small_graphs.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/embedding.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/nn/pool/global_pool.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/optim/clip.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/digests/same_rows.hpp"
#include "tests/support/problems/test_graph.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

Communicator world() { return Communicator(MPI_COMM_WORLD); }

double uniform(std::uint64_t a, std::uint64_t b) { return double(mix(mix(a) ^ b) >> 11) * 0x1p-53; }

/// Random graphs of 0 to 8 nodes with double edges and loops; their class is whether the mean of x is above a half.
std::vector<SmallGraph> random_graphs(std::uint64_t seed, std::size_t count) {
  std::vector<SmallGraph> list(count);
  for (std::size_t g = 0; g < count; ++g) {
    SmallGraph& graph = list[g];
    graph.n_nodes = g == 1 ? 0 : std::int64_t(1 + mix(seed + g) % 8);
    const std::size_t edges = graph.n_nodes == 0 ? 0 : mix(seed + 31 * g) % 20;
    for (std::size_t e = 0; e < edges; ++e) {
      graph.source.push_back(std::int32_t(mix(seed + 100 * g + e) % std::uint64_t(graph.n_nodes)));
      graph.target.push_back(std::int32_t(mix(seed + 7 + 100 * g + e) % std::uint64_t(graph.n_nodes)));
      graph.edges["length"].push_back(uniform(seed + 13 * g, e));
    }
    graph.edges.try_emplace("length");
    graph.nodes = {{"x", {}}, {"kind", {}}, {"class", {}}};
    double sum = 0;
    for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
      for (std::uint64_t c = 0; c < 3; ++c)
        graph.nodes["x"].push_back(uniform(seed + 17 * g, 3 * std::uint64_t(i) + c));
      sum += graph.nodes["x"].back();
      graph.nodes["kind"].push_back(double(mix(seed + 3 * g + std::uint64_t(i)) % 4));
      graph.nodes["class"].push_back(i % 3 == 2 ? Labels::none : graph.nodes["x"].back() > 0.5);
    }
    graph.whole["class"] = {graph.n_nodes > 0 && sum > 0.5 * double(graph.n_nodes) ? 1.0 : 0.0};
    graph.whole["pair"] = {double(g), -double(g)};
  }
  return list;
}

TEST(SmallGraphs, StandOneAfterTheOther) {
  const std::vector<SmallGraph> list = random_graphs(1, 40);
  const GraphBatch batch = batch_graphs(world(), list);
  const Graph& graph = batch.graph();
  std::vector<std::int64_t> first{0};
  for (const SmallGraph& g : list) first.push_back(first.back() + g.n_nodes);
  EXPECT_EQ(graph.nodes()->global_rows(), first.back());
  EXPECT_EQ(graph.n_ghosts(), 0);
  EXPECT_EQ(batch.batch().n_graphs(), 40);
  const std::vector<std::int32_t> graph_of_row = batch.batch().graph_of_row().to_vector();
  const std::vector<double> x = batch.nodes("x", DType::f64).to_vector<double>();
  for (std::size_t row = 0; row < graph_of_row.size(); ++row) {
    const std::size_t g = std::size_t(graph_of_row[row]), node = std::size_t(graph.node_id()[row] - first[g]);
    ASSERT_LT(node, std::size_t(list[g].n_nodes));
    for (std::size_t c = 0; c < 3; ++c) EXPECT_EQ(x[3 * row + c], list[g].nodes.at("x")[3 * node + c]);
  }
  const Tensor pair = batch.whole("pair", DType::f32);
  for (std::size_t g = 0; g < list.size(); ++g) {
    EXPECT_EQ(batch.batch().sizes()[g], list[g].n_nodes);
    EXPECT_EQ(pair.to_vector<double>()[2 * g], double(g));
    EXPECT_EQ(pair.to_vector<double>()[2 * g + 1], -double(g));
  }
}

TEST(SmallGraphs, KeepTheirEdgesWithTheirValues) {
  const std::vector<SmallGraph> list = random_graphs(2, 40);
  const GraphBatch batch = batch_graphs(world(), list);
  const Tensor length = batch.edges("length", DType::f64), x = batch.nodes("x", DType::f64);
  const Tensor messages = ops::multiply(ops::gather_source(batch.graph(), x), length);
  const Tensor sum = ops::graph_sum(batch.batch(), ops::segment_sum(batch.graph(), messages));
  std::int64_t edges = 0;
  for (std::size_t g = 0; g < list.size(); ++g) {
    double expected = 0;
    for (std::size_t e = 0; e < list[g].source.size(); ++e)
      expected += list[g].edges.at("length")[e] * list[g].nodes.at("x")[3 * std::size_t(list[g].source[e]) + 1];
    EXPECT_NEAR(sum.to_vector<double>()[3 * g + 1], expected, 1e-12);
    edges += std::int64_t(list[g].source.size());
  }
  EXPECT_EQ(batch.graph().edges()->global_rows(), edges);
}

struct Result {
  std::vector<Tensor> tensors;
  std::vector<std::int64_t> counts;
};

/// Some steps on batches of different sizes: classes of nodes and of graphs, two groups, clipping.
Result train(const Communicator& comm) {
  const Scope scope{Random(3)};
  const nn::Embedding embedding(scope / "embedding", {.kinds = 4, .channels = 3});
  const nn::SAGEConv conv(scope / "conv", {.in_channels = 3, .out_channels = 8});
  const nn::Linear of_nodes(scope / "of_nodes", 8, 2), of_graphs(scope / "of_graphs", 8, 2);
  optim::ParameterGroup weights, biases{.parameters = {}, .rate_factor = 2, .weight_decay = 0};
  for (const NamedTensor& p : parameters(scope)) (p.name.ends_with("bias") ? biases : weights).parameters.push_back(p);
  optim::Adam adam(std::vector{weights, biases}, {.weight_decay = 0.01, .decoupled = true});
  Result result;
  for (std::uint64_t step = 0; step < 12; ++step) {
    const GraphBatch batch = batch_graphs(comm, random_graphs(100 + step, 20 + 3 * std::size_t(step)), {.patches = 9});
    const Tensor x = ops::add(batch.nodes("x", DType::f32), embedding(batch.kinds("kind", 4)));
    const Tensor h = ops::tanh(conv(batch.graph(), x)), pooled = nn::global_mean_pool(batch.batch(), h);
    const Labels classes = batch.node_labels("class", 2), graph_classes = batch.graph_labels("class", 2);
    const Tensor node_loss = ops::cross_entropy(of_nodes(h), classes, {.label_smoothing = 0.1});
    const Tensor loss = ops::add(node_loss, ops::cross_entropy(of_graphs(pooled), graph_classes));
    std::vector<Tensor> gradients = grad(loss, adam.variables());
    optim::clip_by_norm(gradients, 1);
    adam.step(gradients, 0.05);
    result.tensors.push_back(loss);
    for (const ops::Accuracy& a :
         {ops::accuracy(of_nodes(h), classes), ops::accuracy(of_graphs(pooled), graph_classes)}) {
      result.counts.push_back(a.correct);
      result.counts.push_back(a.total);
    }
  }
  for (const Tensor& v : adam.variables()) result.tensors.push_back(v);
  return result;
}

TEST(SmallGraphs, TrainWithTheSameBitsOnAnyNumberOfRanks) {
  const Result alone = train(Communicator(MPI_COMM_SELF)), shared = train(world());
  ASSERT_EQ(shared.tensors.size(), alone.tensors.size());
  for (std::size_t i = 0; i < alone.tensors.size(); ++i) expect_rows_of(shared.tensors[i], alone.tensors[i], i);
  EXPECT_EQ(shared.counts, alone.counts);
  EXPECT_LT(shared.tensors[11].item(), shared.tensors[0].item());
}

TEST(SmallGraphs, AreFewerThanRanksAndPatches) {
  const std::vector<SmallGraph> list = random_graphs(4, 3);
  for (const std::int64_t patches : {1, 2, 100}) {
    const GraphBatch batch = batch_graphs(world(), list, {.patches = patches});
    const std::vector<double> sums =
        nn::global_add_pool(batch.batch(), batch.nodes("x", DType::f64)).to_vector<double>();
    for (std::size_t g = 0; g < list.size(); ++g) {
      double expected = 0;
      for (std::size_t i = 0; i < std::size_t(list[g].n_nodes); ++i) expected += list[g].nodes.at("x")[3 * i];
      EXPECT_NEAR(sums[3 * g], expected, 1e-14);
    }
  }
}

// All ranks throw together, or the others would wait for ever in the next case.
TEST(SmallGraphs, RefuseWhatDoesNotFit) {
  const std::vector<SmallGraph> good = random_graphs(5, 6);
  const auto expect = [&](const std::function<void(std::vector<SmallGraph>&)>& spoil,
                          const std::vector<std::string>& parts) {
    std::vector<SmallGraph> bad = good;
    spoil(bad);
    expect_refusal([&] { batch_graphs(world(), bad); }, parts);
  };
  expect([](auto& l) { l.clear(); }, {"no graphs"});
  expect([](auto& l) { l[2].source.push_back(0); }, {"graph 2", "sources", "targets"});
  expect([](auto& l) { l[3].source.push_back(99), l[3].target.push_back(0); }, {"graph 3", "node 99"});
  expect([](auto& l) { l[3].source.push_back(0), l[3].target.push_back(-1); }, {"graph 3", "node -1"});
  expect([](auto& l) { l[4].n_nodes = -1; }, {"graph 4", "-1 nodes"});
  expect([](auto& l) { l[4].n_nodes = std::int64_t(1) << 62; }, {"graph 4", "4611686018427387904 nodes"});
  expect([](auto& l) { l[2].nodes.erase("x"); }, {"graph 2", "nodes", "x"});
  expect([](auto& l) { l[2].nodes["y"] = std::exchange(l[2].nodes["x"], {}), l[2].nodes.erase("x"); },
         {"graph 2", "'y'"});
  expect([](auto& l) { l[0].nodes["x"].pop_back(); }, {"graph 0", "'x'", "rows"});
  expect([](auto& l) { l[3].whole["pair"].push_back(1); }, {"graph 3", "3 columns", "'pair'"});
  expect([](auto& l) { l[1].nodes["x"].push_back(1); }, {"graph 1", "'x'", "0 rows"});
  expect_refusal([&] { batch_graphs(world(), good, {.patches = 0}); }, {"0 patches"});
  if (world().size() > 1) expect([](auto& l) { l[0].nodes["x"][0] += world().rank(); }, {"differ"});

  const GraphBatch batch = batch_graphs(world(), good);
  expect_refusal([&] { batch.nodes("z", DType::f32); }, {"'z'", "x", "kind"});
  expect_refusal([&] { batch.whole("x", DType::f32); }, {"'x'", "pair"});
  expect_refusal([&] { batch.kinds("x", 4); }, {"'x'", "3 columns"});
  expect_refusal([&] { batch.graph_labels("pair", 4); }, {"'pair'", "2 columns"});
  expect_refusal([&] { batch.kinds("kind", 1); }, {"graph number"});
  std::vector<SmallGraph> broken = good;
  broken[5].nodes["kind"][0] = 1.5;
  const GraphBatch fractions = batch_graphs(world(), broken);
  expect_refusal([&] { fractions.kinds("kind", 4); }, {"'kind'", "1.5", "integer"});
}

}  // namespace
}  // namespace halograph::testing
