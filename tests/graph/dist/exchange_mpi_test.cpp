// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/exchange.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

#include <halograph/graph/setup/distribute.hpp>

#include "core/transfer.hpp"
#include "tests/support/problems/whole_graph.hpp"

namespace halograph::testing {
namespace {

Graph make_graph(const Communicator& comm, const WholeGraph& whole) {
  return distribute(comm, slab_of(whole, comm.rank(), comm.size(), 1)).graph;
}

Tensor node_values(const Graph& graph, std::int64_t cols, DType dtype) {
  return Tensor::from(noise_rows(graph.node_id(), cols), graph.n_nodes(), cols, dtype, graph.nodes());
}

/// Values that depend on the ghost's key, (patch, node).
std::vector<double> ghost_noise(const Graph& graph, std::int64_t cols) {
  std::vector<double> values;
  const auto& offset = graph.ghosts()->offset();
  for (std::size_t p = 0; p + 1 < offset.size(); ++p)
    for (std::int64_t g = offset[p]; g < offset[p + 1]; ++g)
      for (std::int64_t c = 0; c < cols; ++c)
        values.push_back(noise(graph.ghost_id()[std::size_t(g)], c, graph.ghosts()->first_patch() + std::int64_t(p)) -
                         0.4);
  return values;
}

Tensor ghost_values(const Graph& graph, std::int64_t cols, DType dtype) {
  return Tensor::from(ghost_noise(graph, cols), graph.n_ghosts(), cols, dtype, graph.ghosts());
}

template <class T>
std::map<std::int64_t, std::vector<T>> by_id(const Graph& graph, const Tensor& nodes) {
  const auto values = nodes.to_vector<T>();
  std::map<std::int64_t, std::vector<T>> rows;
  for (std::size_t r = 0; r < graph.node_id().size(); ++r)
    rows[graph.node_id()[r]].assign(values.begin() + std::ptrdiff_t(r) * nodes.cols(),
                                    values.begin() + std::ptrdiff_t(r + 1) * nodes.cols());
  return rows;
}

/// Restores the overlap that the other tests expect.
struct WithoutOverlap {
  WithoutOverlap() { set_overlap(false); }
  ~WithoutOverlap() { set_overlap(true); }
};

void expect_forward(const Graph& graph, std::int64_t cols) {
  const Tensor ghosts = graph.exchange()->start(node_values(graph, cols, DType::f64), graph.ghosts());
  EXPECT_EQ(ghosts.row_space(), graph.ghosts());
  EXPECT_EQ(ghosts.to_vector<double>(), noise_rows(graph.ghost_id(), cols));
}

TEST(Exchange, brings_each_ghost_the_value_of_its_node) {
  const Communicator comm(MPI_COMM_WORLD);
  std::uint64_t seed = 0;
  for (const std::int64_t patches : {1, 2, 7, 20}) {
    const Graph graph = make_graph(comm, random_graph(++seed, 120, 900, patches));
    for (const std::int64_t cols : {1, 3, 16, 37, 0}) {
      expect_forward(graph, cols);
      const WithoutOverlap now;
      expect_forward(graph, cols);
    }
  }
}

TEST(Exchange, adds_ghosts_with_the_bits_of_one_rank) {
  const Communicator comm(MPI_COMM_WORLD);
  std::uint64_t seed = 20;
  for (const std::int64_t patches : {1, 5, 16}) {
    const WholeGraph whole = random_graph(++seed, 80, 1200, patches);
    const Graph graph = make_graph(comm, whole), alone = make_graph(Communicator(MPI_COMM_SELF), whole);
    for (const std::int64_t cols : {1, 5, 32}) {
      const auto mine =
          by_id<float>(graph, graph.exchange()->start_adjoint(ghost_values(graph, cols, DType::f32), graph.nodes()));
      auto all =
          by_id<float>(alone, alone.exchange()->start_adjoint(ghost_values(alone, cols, DType::f32), alone.nodes()));
      for (const auto& [id, row] : mine)
        EXPECT_EQ(std::memcmp(row.data(), all[id].data(), row.size() * sizeof(float)), 0) << "node " << id;
    }
  }
}

TEST(Exchange, adds_in_patch_order) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(33, 40, 800, 11);
  const Graph graph = make_graph(comm, whole);
  const auto rows =
      by_id<float>(graph, graph.exchange()->start_adjoint(ghost_values(graph, 1, DType::f32), graph.nodes()));
  for (const auto& [id, row] : rows) {
    std::set<std::int32_t> patches;
    for (const WholeEdge& edge : whole.edges)
      if (edge.source == id && whole.patch.at(edge.target) != whole.patch.at(id))
        patches.insert(whole.patch.at(edge.target));
    float sum = 0;
    for (const std::int32_t patch : patches) sum += float(noise(id, 0, patch) - 0.4);
    EXPECT_EQ(std::memcmp(row.data(), &sum, sizeof sum), 0) << "node " << id;
  }
}

TEST(Exchange, is_the_transpose_of_its_adjoint) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, random_graph(40, 90, 900, 10));
  constexpr std::int64_t cols = 4;
  const auto whole_numbers = [](std::vector<double> values) {
    for (double& value : values) value = double(std::int64_t(value * 100));
    return values;
  };
  const auto x = whole_numbers(noise_rows(graph.node_id(), cols)), g = whole_numbers(ghost_noise(graph, cols));
  const auto halo = graph.exchange()
                        ->start(Tensor::from(x, graph.n_nodes(), cols, DType::f64, graph.nodes()), graph.ghosts())
                        .to_vector<double>();
  const auto back =
      graph.exchange()
          ->start_adjoint(Tensor::from(g, graph.n_ghosts(), cols, DType::f64, graph.ghosts()), graph.nodes())
          .to_vector<double>();
  std::int64_t left = 0, right = 0;
  for (std::size_t i = 0; i < g.size(); ++i) left += std::int64_t(halo[i] * g[i]);
  for (std::size_t i = 0; i < x.size(); ++i) right += std::int64_t(x[i] * back[i]);
  left = comm.sum(left);
  EXPECT_EQ(left, comm.sum(right));
  EXPECT_NE(left, 0);
}

TEST(Exchange, lets_many_be_under_way_and_end_in_any_order) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, random_graph(50, 100, 900, 9));
  const Graph other = make_graph(comm, random_graph(51, 70, 600, 9));
  for (int round = 0; round < 3; ++round) {
    std::vector<Tensor> forward, adjoint;
    for (int i = 0; i < 4; ++i) {
      const Graph& g = i % 2 ? other : graph;
      auto values = noise_rows(g.node_id(), 6);
      for (double& value : values) value += i;
      forward.push_back(g.exchange()->start(Tensor::from(values, g.n_nodes(), 6, DType::f64, g.nodes()), g.ghosts()));
      adjoint.push_back(g.exchange()->start_adjoint(ghost_values(g, 6, DType::f64), g.nodes()));
    }
    // Ranks disagree on which ends first, and drop one unread.
    std::vector<int> order{0, 1, 2, 3};
    std::rotate(order.begin(), order.begin() + comm.rank() % 4, order.end());
    if (comm.rank() % 2) std::reverse(order.begin(), order.end());
    forward[std::size_t(order[0])] = Tensor();
    for (std::size_t k = 1; k < order.size(); ++k) {
      const Graph& g = order[k] % 2 ? other : graph;
      auto expected = noise_rows(g.ghost_id(), 6);
      for (double& value : expected) value += order[k];
      EXPECT_EQ(forward[std::size_t(order[k])].to_vector<double>(), expected);
    }
    EXPECT_EQ(adjoint[0].to_vector<double>(), adjoint[2].to_vector<double>());
    EXPECT_EQ(adjoint[3].to_vector<double>(), adjoint[1].to_vector<double>());
  }
}

TEST(Exchange, fills_own_ghosts_before_messages_arrive) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, random_graph(60, 100, 900, 12));
  const Tensor ghosts = graph.exchange()->start(node_values(graph, 2, DType::f64), graph.ghosts());
  const auto expected = noise_rows(graph.ghost_id(), 2);
  const auto& source = graph.exchange()->plan().ghost_source;
  std::vector<double> raw(2 * source.size());
  download(raw.data(), *ghosts.handle()->buffer, std::int64_t(raw.size() * sizeof(double)));
  for (std::size_t g = 0; g < source.size(); ++g) {
    if (source[g] < graph.n_nodes()) {
      EXPECT_EQ(raw[2 * g], expected[2 * g]);
    }
  }
  EXPECT_EQ(ghosts.to_vector<double>(), expected);
}

TEST(Exchange, sends_one_message_a_neighbour_and_counts_it) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, random_graph(70, 200, 3000, 16));
  const ExchangePlan& plan = graph.exchange()->plan();
  for (int i = 0; i < 3; ++i) graph.exchange()->start(node_values(graph, 5, DType::f32), graph.ghosts()).complete();
  const ExchangeTraffic traffic = graph.exchange()->traffic();
  EXPECT_EQ(traffic.exchanges, 3);
  EXPECT_EQ(traffic.bytes_sent, 3 * 5 * 4 * std::int64_t(plan.send_row.size()));
  EXPECT_LE(traffic.messages_sent, 3 * std::int64_t(plan.neighbour.size()));
  EXPECT_EQ(traffic.messages_sent, 3 * (comm.size() - 1)) << "all ranks need each other in this graph";
  // Each node goes to each neighbour once, however many of its patches need it.
  for (std::size_t k = 0; k < plan.neighbour.size(); ++k) {
    const auto begin = plan.send_row.begin();
    const std::set<std::int32_t> rows(begin + plan.send_offset[k], begin + plan.send_offset[k + 1]);
    EXPECT_EQ(std::int64_t(rows.size()), plan.send_offset[k + 1] - plan.send_offset[k]);
  }
  graph.exchange()->reset_traffic();
  EXPECT_EQ(graph.exchange()->traffic().bytes_sent, 0);
}

TEST(Exchange, refuses_other_rows) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, random_graph(80, 50, 200, 5));
  const Tensor wrong = Tensor::zeros(graph.n_nodes() + 1, 2, DType::f32);
  EXPECT_THROW(graph.exchange()->start(wrong, graph.ghosts()), UsageError);
}

}  // namespace
}  // namespace halograph::testing
