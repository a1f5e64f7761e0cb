// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/graph_file.hpp>

#include <gtest/gtest.h>

#include <algorithm>

#include <halograph/graph/slab/slab_range.hpp>

#include "tests/io/sample_graph.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

GraphSlab my_part(const Communicator& comm) { return sample_graph(cut_for(comm.rank(), comm.size())); }

TEST(GraphFile, HasTheSameBytesForAnyNumberOfRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  write_graph(world, scratch / "all.h5", my_part(world));
  if (world.rank() == 0) {
    write_graph(Communicator(), scratch / "one.h5", sample_graph());
    EXPECT_TRUE(content_of(scratch / "all.h5") == content_of(scratch / "one.h5"));
    EXPECT_EQ(scratch.count(), 2);
  }
  world.barrier();
}

TEST(GraphFile, GivesEachRankItsShareOfTheRows) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  write_graph(world, scratch / "graph.h5", my_part(world));
  const GraphSlab slab = read_graph(world, scratch / "graph.h5");
  const auto range = [&](std::int64_t total, int rank) { return slab_begin(total, rank, world.size()); };
  const int rank = world.rank();
  GraphSlab wanted =
      sample_graph({range(sample_nodes, rank), range(sample_nodes, rank + 1), range(sample_edges, rank),
                    range(sample_edges, rank + 1), range(sample_cells, rank), range(sample_cells, rank + 1)});
  if (wanted.cell_offset.empty()) wanted.cell_offset = {0};
  expect_equal(slab, wanted);
}

TEST(GraphFile, SurvivesAnotherRoundWithItsBytes) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  write_graph(world, scratch / "first.h5", my_part(world));
  write_graph(world, scratch / "second.h5", read_graph(world, scratch / "first.h5"));
  EXPECT_TRUE(content_of(scratch / "first.h5") == content_of(scratch / "second.h5"));
}

TEST(GraphFile, IsNotTouchedWhenOneRankFails) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const std::string path = scratch / "graph.h5";
  write_graph(world, path, my_part(world));
  const std::string before = content_of(path);

  const int last = world.size() - 1;
  GraphSlab broken = my_part(world);
  if (world.rank() == last) broken.position[4] = std::nan("");
  std::string text = expect_file_error("dataset '/nodes/position', row ", [&] { write_graph(world, path, broken); });
  std::string first = text;
  world.broadcast(first, 0);
  EXPECT_EQ(text, first);

  broken = my_part(world);
  if (world.rank() == last) broken.edge_target.pop_back();
  expect_file_error("edge_target has ", [&] { write_graph(world, path, broken); });

  if (world.size() > 1) {
    broken = my_part(world);
    if (world.rank() == last) broken.fields[0].name = "speed";
    expect_file_error("the slabs differ: rank " + std::to_string(last), [&] { write_graph(world, path, broken); });
    broken = my_part(world);
    if (world.rank() == last) broken.weight.clear();
    expect_file_error("has no weights and others have", [&] { write_graph(world, path, broken); });
  }
  world.barrier();
  EXPECT_TRUE(content_of(path) == before);
  EXPECT_EQ(scratch.count(), 1);
}

TEST(GraphFile, ThatIsBrokenIsRefusedByAllRanksAlike) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const std::string path = scratch / "graph.h5";
  write_graph(world, path, my_part(world));
  world.barrier();
  // One rank alone meets the broken row.
  if (world.rank() == 0) {
    std::string bytes = content_of(path);
    const std::int64_t target = sample_graph().edge_target.back();
    const std::size_t at = bytes.rfind(std::string(reinterpret_cast<const char*>(&target), 8));
    ASSERT_NE(at, std::string::npos);
    bytes[at + 7] = char(0x80);
    put_content(path, bytes);
  }
  world.barrier();
  std::string text = expect_file_error("is negative", [&] { read_graph(world, path); });
  std::string first = text;
  world.broadcast(first, 0);
  EXPECT_EQ(text, first);
  expect_file_error("no such file", [&] { read_graph(world, scratch / "absent.h5"); });
  expect_file_error("cannot be created", [&] { write_graph(world, scratch / "no/such/graph.h5", my_part(world)); });
}

TEST(GraphFile, MayBeEmpty) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  write_graph(world, scratch / "graph.h5", GraphSlab{});
  const GraphSlab slab = read_graph(world, scratch / "graph.h5");
  EXPECT_TRUE(slab.node_id.empty() && slab.edge_id.empty() && slab.fields.empty());
  EXPECT_EQ(graph_file_info(scratch / "graph.h5").n_nodes, 0);
}

}  // namespace
}  // namespace halograph
