// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/costs/graph_facts.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "tests/support/problems/slabs.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;

/// The component of each node by walking; positions pair by pair.
GraphFacts naive(const GraphSlab& whole) {
  const std::size_t n = whole.node_id.size(), d = std::size_t(whole.dimension);
  GraphFacts facts;
  facts.nodes = std::int64_t(n);
  facts.edges = std::int64_t(whole.edge_source.size());
  facts.has_positions = d > 0;
  std::map<std::int64_t, std::size_t> index;
  for (std::size_t i = 0; i < n; ++i) index[whole.node_id[i]] = i;
  std::vector<std::vector<std::size_t>> neighbours(n);
  std::map<std::pair<std::int64_t, std::int64_t>, int> times;
  for (std::size_t e = 0; e < whole.edge_source.size(); ++e) {
    const std::int64_t s = whole.edge_source[e], t = whole.edge_target[e];
    neighbours[index.at(s)].push_back(index.at(t));
    neighbours[index.at(t)].push_back(index.at(s));
    facts.self_loops += s == t;
    facts.repeated_edges += times[{s, t}]++ > 0;
  }
  for (const auto& [edge, count] : times) facts.one_way_edges += !times.contains({edge.second, edge.first});
  std::vector<int> component(n, -1);
  for (std::size_t start = 0; start < n; ++start) {
    if (component[start] >= 0) continue;
    std::vector<std::size_t> stack{start};
    component[start] = int(facts.components);
    std::int64_t size = 0;
    while (!stack.empty()) {
      const std::size_t i = stack.back();
      stack.pop_back();
      ++size;
      for (const std::size_t j : neighbours[i])
        if (component[j] < 0) component[j] = int(facts.components), stack.push_back(j);
    }
    ++facts.components;
    facts.largest_component = std::max(facts.largest_component, size);
    if (size > 1) continue;
    ++facts.isolated;
    if (facts.first_isolated < 0 || whole.node_id[start] < facts.first_isolated)
      facts.first_isolated = whole.node_id[start];
  }
  const auto distance = [&](std::size_t i, std::size_t j) {
    double square = 0;
    for (std::size_t k = 0; k < d; ++k) {
      double step = std::abs(whole.position[i * d + k] - whole.position[j * d + k]);
      if (whole.period[k] > 0) step = std::min(step, std::abs(whole.period[k] - step));
      square += step * step;
    }
    return std::sqrt(square);
  };
  if (d == 0) return facts;
  double shortest = std::numeric_limits<double>::infinity();
  for (const auto& [edge, count] : times)
    if (const double length = distance(index[edge.first], index[edge.second]); length > 0)
      shortest = std::min(shortest, length);
  facts.tolerance = std::isinf(shortest) ? 0 : 0.01 * shortest;
  for (std::size_t i = 0; i < n; ++i) {
    bool exact = false, close = false, apart = false;
    for (std::size_t j = 0; j < n; ++j) {
      if (whole.node_id[j] >= whole.node_id[i] || distance(i, j) > facts.tolerance) continue;
      close = true;
      exact = exact || distance(i, j) == 0;
      apart = apart || component[i] != component[j];
    }
    facts.coincident += exact;
    facts.close += close && !exact;
    facts.apart += apart;
    if (apart && (facts.first_apart < 0 || whole.node_id[i] < facts.first_apart)) facts.first_apart = whole.node_id[i];
  }
  return facts;
}

void expect_equal(const GraphFacts& got, const GraphFacts& wanted) {
  EXPECT_EQ(got.nodes, wanted.nodes);
  EXPECT_EQ(got.edges, wanted.edges);
  EXPECT_EQ(got.components, wanted.components);
  EXPECT_EQ(got.largest_component, wanted.largest_component);
  EXPECT_EQ(got.isolated, wanted.isolated);
  EXPECT_EQ(got.first_isolated, wanted.first_isolated);
  EXPECT_EQ(got.self_loops, wanted.self_loops);
  EXPECT_EQ(got.repeated_edges, wanted.repeated_edges);
  EXPECT_EQ(got.one_way_edges, wanted.one_way_edges);
  EXPECT_EQ(got.has_positions, wanted.has_positions);
  EXPECT_EQ(got.tolerance, wanted.tolerance);
  EXPECT_EQ(got.coincident, wanted.coincident);
  EXPECT_EQ(got.close, wanted.close);
  EXPECT_EQ(got.apart, wanted.apart);
  EXPECT_EQ(got.first_apart, wanted.first_apart);
}

GraphFacts expect_naive(const GraphSlab& whole) {
  const Communicator comm(MPI_COMM_WORLD);
  const GraphFacts wanted = naive(whole);
  for (Deal how : all_deals) {
    SCOPED_TRACE(cat("deal ", int(how)));
    GraphSlab slab = deal(comm, whole, how);
    slab.period = whole.period;
    expect_equal(graph_facts(comm, slab), wanted);
  }
  return wanted;
}

/// A second graph beside the first, its ids behind those of the first, moved by `shift` along x.
void append(GraphSlab& whole, const GraphSlab& other, double shift) {
  const std::int64_t first =
      whole.node_id.empty() ? 0 : *std::max_element(whole.node_id.begin(), whole.node_id.end()) + 1;
  for (const std::int64_t id : other.node_id) whole.node_id.push_back(first + id);
  for (std::size_t i = 0; i < other.position.size(); ++i)
    whole.position.push_back(other.position[i] + (i % std::size_t(other.dimension) == 0 ? shift : 0));
  for (std::size_t e = 0; e < other.edge_source.size(); ++e) {
    whole.edge_source.push_back(first + other.edge_source[e]);
    whole.edge_target.push_back(first + other.edge_target[e]);
  }
}

TEST(GraphFacts, OfRandomGraphs) {
  for (const int edges : {0, 20, 150, 300, 2000})
    for (const int dimension : {0, 1, 2, 3}) {
      SCOPED_TRACE(cat(edges, " edges, dimension ", dimension));
      expect_naive(random_graph(300, edges, dimension, 7));
    }
}

TEST(GraphFacts, OfAPlainGraph) {
  const GraphFacts facts = expect_naive(lattice(6, 5, 4));
  EXPECT_EQ(describe(facts), "connected; no two nodes in one place");
}

TEST(GraphFacts, OfBlocksThatMeetInDoubledNodes) {
  GraphSlab whole = lattice(3, 4, 4);
  append(whole, lattice(3, 4, 4), 2.0);  // one layer in common
  GraphFacts facts = expect_naive(whole);
  EXPECT_EQ(facts.components, 2);
  EXPECT_EQ(facts.coincident, 16);
  EXPECT_EQ(facts.apart, 16);
  EXPECT_EQ(facts.first_apart, 48);
  EXPECT_EQ(describe(facts),
            "2 parts that no edge connects, the largest of 48 nodes; 16 nodes lie exactly where another one is");

  // Joined by one edge: still doubled, no longer apart.
  whole.edge_source.push_back(47);
  whole.edge_target.push_back(48);
  facts = expect_naive(whole);
  EXPECT_EQ(facts.components, 1);
  EXPECT_EQ(facts.coincident, 16);
  EXPECT_EQ(facts.apart, 0);
}

TEST(GraphFacts, OfBlocksThatMeetUpToRounding) {
  for (const double gap : {1e-13, -1e-13, 0.009, 0.011}) {
    SCOPED_TRACE(cat("gap ", gap));
    GraphSlab whole = lattice(3, 4, 4);
    append(whole, lattice(3, 4, 4), 2.0 + gap);
    const GraphFacts facts = expect_naive(whole);
    EXPECT_EQ(facts.close, gap < 0.01 ? 16 : 0);
    EXPECT_EQ(facts.apart, gap < 0.01 ? 16 : 0);
  }
}

TEST(GraphFacts, OfBlocksThatMeetAcrossAPeriod) {
  GraphSlab whole = lattice(3, 3, 3);
  append(whole, lattice(4, 3, 3), 3.0);  // x = 0 .. 6
  EXPECT_EQ(expect_naive(whole).coincident, 0);
  whole.period = {6.0, 0, 0};
  EXPECT_EQ(expect_naive(whole).coincident, 9);
  for (std::size_t i = 0; i < whole.position.size(); i += 3) whole.position[i] -= 1e-12 * double(i % 2);
  EXPECT_EQ(expect_naive(whole).apart, 9);
}

TEST(GraphFacts, OfAllNodesInOnePlace) {
  GraphSlab whole = random_graph(200, 100, 2, 3);
  std::fill(whole.position.begin(), whole.position.end(), 0.5);
  const GraphFacts facts = expect_naive(whole);
  EXPECT_EQ(facts.coincident, 199);
  EXPECT_EQ(facts.tolerance, 0);
}

TEST(GraphFacts, OfLongChains) {
  // The hardest graphs for a search of components across ranks: long, and with ids in every order.
  for (const bool shuffled : {false, true}) {
    GraphSlab whole;
    std::vector<std::int64_t> order(500);
    std::iota(order.begin(), order.end(), 0);
    if (shuffled) std::shuffle(order.begin(), order.end(), std::mt19937_64(5));
    whole.node_id = order;
    for (std::size_t i = 0; i + 1 < order.size(); ++i) {
      if (i == 300) continue;
      whole.edge_source.push_back(order[i]);
      whole.edge_target.push_back(order[i + 1]);
    }
    const GraphFacts facts = expect_naive(whole);
    EXPECT_EQ(facts.components, 2);
    EXPECT_EQ(facts.largest_component, 301);
    EXPECT_EQ(describe(facts), "2 parts that no edge connects, the largest of 301 nodes; all edges go one way");
  }
}

TEST(GraphFacts, OfLoopsRepeatedAndOneWayEdges) {
  GraphSlab whole;
  whole.node_id = {7, 3, 5, 9};
  whole.edge_source = {7, 3, 7, 7, 5, 5, 9};
  whole.edge_target = {3, 7, 3, 3, 7, 5, 9};
  const GraphFacts facts = expect_naive(whole);
  EXPECT_EQ(describe(facts),
            "2 parts that no edge connects, the largest of 3 nodes; 1 isolated node; 2 self-loops; 2 repeated edges; "
            "1 edge without the opposite one");
  EXPECT_EQ(facts.first_isolated, 9);
}

TEST(GraphFacts, OfNothingAndOfOneNode) {
  EXPECT_EQ(describe(expect_naive(GraphSlab{})), "no nodes");
  GraphSlab one;
  one.node_id = {4};
  one.dimension = 2;
  one.position = {1.0, 2.0};
  EXPECT_EQ(describe(expect_naive(one)), "connected; no two nodes in one place");
}

TEST(GraphFacts, NodesNowhereHaveNoPlace) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab whole = lattice(2, 2, 2);
  for (const std::size_t i : {0, 5, 9, 12})
    whole.position[i] = i % 2 ? std::nan("") : std::numeric_limits<double>::infinity();
  const GraphFacts facts = graph_facts(comm, deal(comm, whole, Deal::cyclic));
  EXPECT_EQ(facts.components, 1);
  EXPECT_EQ(facts.coincident + facts.close, 0);
}

TEST(GraphFacts, RejectsBadGraphsOnAllRanks) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto message = [&](const GraphSlab& whole) {
    try {
      graph_facts(comm, deal(comm, whole, Deal::random));
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  GraphSlab whole = lattice(4, 4, 4);
  for (const double period : {std::nan(""), std::numeric_limits<double>::infinity(), -4.0}) {
    GraphSlab mine = deal(comm, whole, Deal::random);
    mine.period = {4, period, 0};
    EXPECT_THROW(graph_facts(comm, mine), UsageError) << period;
  }
  whole.edge_target[100] = 1000;
  EXPECT_EQ(message(whole), "an edge joins node 1000, which no slab holds");
  whole.edge_target[100] = -5;
  EXPECT_EQ(message(whole), "an edge joins node -5");
  whole.edge_target[100] = 0;
  whole.node_id.push_back(4);
  whole.position.insert(whole.position.end(), {9.0, 9.0, 9.0});
  EXPECT_EQ(message(whole), "node id 4 occurs more than once");
}

}  // namespace
}  // namespace halograph
