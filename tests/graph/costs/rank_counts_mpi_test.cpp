// SPDX-License-Identifier: BSD-3-Clause
// Counts of one rank among many that are not there, against graphs that are really distributed.
#include <halograph/graph/costs/rank_counts.hpp>

#include <gtest/gtest.h>

#include <halograph/core/error.hpp>
#include <halograph/graph/costs/quality.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/partition.hpp>

#include "tests/support/problems/slabs.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

class RankCountsTest : public ::testing::Test {
 protected:
  const Communicator world{MPI_COMM_WORLD}, self;
};

int count_messages(const std::vector<std::int64_t>& offset) {
  int messages = 0;
  for (std::size_t k = 0; k + 1 < offset.size(); ++k) messages += offset[k + 1] > offset[k];
  return messages;
}

/// What the plan of a distributed graph says of this rank; boundary nodes by their definition.
RankCounts counts_of(const Graph& graph) {
  const ExchangePlan& plan = graph.exchange()->plan();
  RankCounts counts;
  counts.nodes = graph.n_nodes();
  counts.edges = graph.n_edges();
  counts.ghosts = graph.n_ghosts();
  counts.patches = graph.nodes()->n_local_patches();
  counts.rows_sent = plan.send_offset.back();
  counts.rows_received = plan.receive_offset.back();
  counts.messages_sent = count_messages(plan.send_offset);
  counts.rows_returned = plan.return_offset.back();
  counts.rows_returned_here = plan.return_receive_offset.back();
  counts.messages_returned = count_messages(plan.return_offset);
  counts.neighbours = int(plan.neighbour.size());
  const auto source = graph.source_row().to_vector(), target = graph.target_row().to_vector();
  std::vector<char> waits(std::size_t(graph.n_nodes()), 0);
  for (std::size_t e = 0; e < source.size(); ++e)
    if (source[e] >= graph.n_nodes() && plan.ghost_source[std::size_t(source[e] - graph.n_nodes())] >= plan.n_owned)
      waits[std::size_t(target[e])] = 1;
  counts.boundary_nodes = std::count(waits.begin(), waits.end(), 1);
  return counts;
}

void expect_equal(const RankCounts& found, const RankCounts& expected) {
  EXPECT_TRUE(found == expected) << "nodes " << found.nodes << " " << expected.nodes << ", edges " << found.edges << " "
                                 << expected.edges << ", ghosts " << found.ghosts << " " << expected.ghosts
                                 << ", boundary " << found.boundary_nodes << " " << expected.boundary_nodes
                                 << ", patches " << found.patches << " " << expected.patches << ", sent "
                                 << found.rows_sent << " " << expected.rows_sent << ", received " << found.rows_received
                                 << " " << expected.rows_received << ", returned " << found.rows_returned << " "
                                 << expected.rows_returned << ", here " << found.rows_returned_here << " "
                                 << expected.rows_returned_here << ", messages " << found.messages_sent << " "
                                 << expected.messages_sent << ", back " << found.messages_returned << " "
                                 << expected.messages_returned << ", neighbours " << found.neighbours << " "
                                 << expected.neighbours;
}

TEST_F(RankCountsTest, AreThoseOfADistributedGraph) {
  const GraphSize size{400, 2500, 37};
  const Graph real = make_graph(world, size, Device::host()), whole = make_graph(self, size, Device::host());
  expect_equal(count_rank(whole, real.nodes()->tree()->first_patch(), world.rank()), counts_of(real));
}

/// A periodic box of 3 x 3 x 3 bricks with the patches that count_brick gives a brick.
GraphSlab bricks(const Communicator& comm, std::int64_t elements, int order, std::int64_t patches) {
  GraphSlab brick = spectral_box({.elements = {elements, elements, elements}, .order = order}, 0, 1);
  partition(Communicator(), brick, coordinate_bisection({.patches = patches}));
  GraphSlab slab =
      spectral_box({.elements = {3 * elements, 3 * elements, 3 * elements}, .order = order}, comm.rank(), comm.size());
  const std::int64_t side = elements * order;
  slab.n_patches = 27 * brick.n_patches;
  for (const std::int64_t id : slab.node_id) {
    const std::int64_t i = id % (3 * side), j = id / (3 * side) % (3 * side), k = id / (9 * side * side);
    const std::int64_t inside = i % side + side * (j % side + side * (k % side));
    slab.patch.push_back(std::int32_t((i / side + 3 * (j / side) + 9 * (k / side)) * brick.n_patches) +
                         brick.patch[std::size_t(inside)]);
  }
  return slab;
}

TEST_F(RankCountsTest, OfABrickAreThoseOfEveryRankOfABoxOfBricks) {
  struct Shape {
    std::int64_t elements;
    int order;
    std::int64_t patches;
  };
  for (const Shape shape : {Shape{2, 2, 8}, Shape{1, 3, 1}, Shape{2, 3, 5}}) {
    const RankCounts brick = count_brick(shape.elements, shape.order, shape.patches);
    const Graph whole =
        distribute(self, bricks(self, shape.elements, shape.order, shape.patches), Device::host()).graph;
    std::vector<std::int64_t> first;
    for (std::int64_t r = 0; r <= 27; ++r) first.push_back(r * shape.patches);
    for (int r = 0; r < 27; ++r) expect_equal(brick, count_rank(whole, first, r));
    EXPECT_EQ(brick.neighbours, 6);

    const GraphSlab slab = bricks(world, shape.elements, shape.order, shape.patches);
    const PartitionQuality quality = partition_quality(world, slab, slab.patch, 27);
    EXPECT_EQ(quality.max_halo_rows, brick.rows_received);
    EXPECT_EQ(quality.halo_rows, 27 * brick.rows_received);
    EXPECT_EQ(quality.max_neighbours, brick.neighbours);
    EXPECT_EQ(quality.nodes, 27 * brick.nodes);
    EXPECT_EQ(quality.edges, 27 * brick.edges);
  }
}

// The partitioner itself makes the bricks, if ranks and patches are powers of two.
TEST_F(RankCountsTest, OfABrickAreThoseOfABoxCutByCoordinates) {
  GraphSlab slab = spectral_box({.elements = {8, 8, 8}, .order = 3}, world.rank(), world.size());
  partition(world, slab, coordinate_bisection({.patches = 512}));
  const RankCounts brick = count_brick(2, 3, 8);
  const PartitionQuality quality = partition_quality(world, slab, slab.patch, 64);
  EXPECT_EQ(quality.halo_rows, 64 * brick.rows_received);
  EXPECT_EQ(quality.max_halo_rows, brick.rows_received);
  EXPECT_EQ(quality.max_neighbours, brick.neighbours);
}

TEST_F(RankCountsTest, AreRefusedForWhatIsNotThere) {
  const Graph whole = make_graph(self, {40, 200, 7}, Device::host());
  const std::vector<std::int64_t> runs{0, 3, 7};
  EXPECT_THROW(count_rank(whole, runs, 2), UsageError);
  EXPECT_THROW(count_rank(whole, runs, -1), UsageError);
  EXPECT_THROW(count_rank(whole, std::vector<std::int64_t>{0, 3, 8}, 0), UsageError);
  EXPECT_THROW(count_rank(whole, std::vector<std::int64_t>{0, 5, 4, 7}, 0), UsageError);
  EXPECT_THROW(count_brick(0, 3), UsageError);
  if (world.size() > 1) {
    EXPECT_THROW(count_rank(make_graph(world, {40, 200, 7}, Device::host()), runs, 0), UsageError);
  }
}

}  // namespace
}  // namespace halograph::testing
