// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/setup/distribute.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "tests/support/problems/whole_graph.hpp"

namespace halograph::testing {
namespace {

TEST(Distribute, gives_the_topology_that_its_definition_says) {
  const Communicator comm(MPI_COMM_WORLD);
  struct Case {
    std::int64_t nodes, edges, patches;
  };
  std::uint64_t seed = 0;
  for (const auto& [nodes, edges, patches] : {Case{60, 300, 6},
                                              {200, 2500, 13},
                                              {40, 90, 1},
                                              {30, 100, 2},
                                              {25, 0, 5},
                                              {1, 3, 4},
                                              {0, 0, 3},
                                              {12, 4000, 4}}) {
    SCOPED_TRACE(cat("nodes ", nodes, " edges ", edges, " patches ", patches));
    const WholeGraph whole = random_graph(++seed, nodes, edges, patches);
    const auto result = distribute(comm, slab_of(whole, comm.rank(), comm.size(), seed));
    expect_topology(result.graph, whole);
  }
}

TEST(Distribute, takes_a_slab_that_lies_on_one_rank) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(5, 100, 700, 9);
  GraphSlab slab;
  slab.n_patches = whole.n_patches;
  if (comm.rank() == comm.size() - 1) slab = slab_of(whole, 0, 1, 3);
  expect_topology(distribute(comm, slab).graph, whole);
}

TEST(Distribute, balances_the_weights) {
  const Communicator comm(MPI_COMM_WORLD);
  WholeGraph whole;
  whole.n_patches = comm.size() + 1;
  for (std::int32_t p = 0; p <= comm.size(); ++p) whole.patch[p] = p;
  GraphSlab slab = slab_of(whole, comm.rank(), comm.size(), 1);
  for (const std::int64_t id : slab.node_id) slab.weight.push_back(id < 2 ? 1 : 2);
  const Graph graph = distribute(comm, slab).graph;
  EXPECT_EQ(graph.n_nodes(), comm.rank() == 0 ? 2 : 1);
}

TEST(Distribute, migrates_rows_there_and_back) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(11, 150, 1500, 7);
  const GraphSlab slab = slab_of(whole, comm.rank(), comm.size(), 4);
  const auto [graph, nodes, edges] = distribute(comm, slab);
  EXPECT_EQ(nodes.forward(slab.node_id, 1), graph.node_id());
  EXPECT_EQ(nodes.backward(graph.node_id(), 1), slab.node_id);
  const auto values = noise_rows(slab.node_id, 3);
  const auto rows = nodes.forward(values, 3);
  EXPECT_EQ(rows, noise_rows(graph.node_id(), 3));
  EXPECT_EQ(nodes.backward(rows, 3), values);
  EXPECT_EQ(nodes.forward(slab.patch, 1).size(), std::size_t(graph.n_nodes()));

  const auto& first_patch = graph.nodes()->tree()->first_patch();
  const std::size_t rank = std::size_t(comm.rank());
  const auto edge_id = edges.forward(slab.edge_id, 1);
  EXPECT_EQ(edge_id, naive_topology(whole, first_patch[rank], first_patch[rank + 1]).edge_id);
  EXPECT_EQ(edges.backward(edge_id, 1), slab.edge_id);
  EXPECT_EQ(nodes.forward(std::vector<float>(), 0), std::vector<float>());
  EXPECT_THROW(nodes.forward(values, 2), UsageError);
}

/// Runs `break_it` on the slab of the last rank only; all ranks must throw, with `part` in the text.
void expect_refused(const std::function<void(GraphSlab&)>& break_it, const std::string& part) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(2, 80, 300, 5);
  GraphSlab slab = slab_of(whole, comm.rank(), comm.size(), 2);
  if (comm.rank() == comm.size() - 1) break_it(slab);
  try {
    distribute(comm, slab);
    FAIL() << "no error: " << part;
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    // All ranks have the same text.
    std::string text = error.what();
    comm.broadcast(text, 0);
    EXPECT_EQ(text, error.what());
  }
}

TEST(Distribute, refuses_bad_slabs_on_all_ranks) {
  expect_refused([](GraphSlab& s) { s.patch.back() = 5; }, "is not in 0..4");
  expect_refused([](GraphSlab& s) { s.patch.back() = -1; }, "is not in 0..4");
  expect_refused([](GraphSlab& s) { s.patch.pop_back(); }, "patch numbers for");
  expect_refused([](GraphSlab& s) { s.n_patches = std::int64_t(1) << 50; }, "patches");
  expect_refused([](GraphSlab& s) { s.node_id.back() = -4; }, "node id -4 is negative");
  expect_refused([](GraphSlab& s) { s.node_id.push_back(s.node_id[0]), s.patch.push_back(0); },
                 "occurs more than once");
  expect_refused([](GraphSlab& s) { s.edge_source.back() = std::int64_t(1) << 41; }, "source node 2199023255552");
  expect_refused([](GraphSlab& s) { s.edge_target.back() = -1; }, "target node -1");
  expect_refused([](GraphSlab& s) { s.edge_target.pop_back(); }, "targets");
  expect_refused([](GraphSlab& s) { s.weight.assign(s.node_id.size() + 1, 1); }, "weights for");
  expect_refused([](GraphSlab& s) { s.weight.assign(s.node_id.size(), -1); }, "weight -1 is negative");
  expect_refused(
      [](GraphSlab& s) {
        s.edge_source.push_back(s.edge_source[0]);
        s.edge_target.push_back(s.edge_target[0]);
        s.edge_id.push_back(s.edge_id[0]);
      },
      "edge ids are unique");
}

TEST(Distribute, refuses_a_node_that_two_ranks_bring) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab slab;
  slab.n_patches = 1;
  slab.node_id = {17};
  slab.patch = {0};
  if (comm.size() == 1) slab.node_id.push_back(17), slab.patch.push_back(0);
  try {
    distribute(comm, slab);
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("node id 17"), std::string::npos);
  }
}

}  // namespace
}  // namespace halograph::testing
