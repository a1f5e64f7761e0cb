// SPDX-License-Identifier: BSD-3-Clause
// Graphs from meshes and tables: what one rank alone finds wrong is the same exception on all ranks.
#include <halograph/io/mesh.hpp>

#include <gtest/gtest.h>

#include <halograph/mpi/log.hpp>

#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

constexpr int last_node = 23;

/// A strip of 24 nodes in two rows.
std::string strip() {
  std::string text = "NDIME= 2\nNELEM= 11\n";
  for (int i = 0; i < 11; ++i) text += cat("9 ", i, " ", i + 1, " ", i + 13, " ", i + 12, "\n");
  text += "NPOIN= 24\n";
  for (int i = 0; i <= last_node; ++i) text += cat(i % 12, " ", i / 12, " ", i, "\n");
  return text;
}

/// Rows "id, x, y, p" with another x in the row of `wrong`; without ids if `id` is empty.
std::string table(const std::string& id, int wrong = -1) {
  std::string text = (id.empty() ? "" : id + ",") + "x,y,p\n";
  for (int i = 0; i <= last_node; ++i)
    text += (id.empty() ? "" : cat(i, ",")) + cat(i == wrong ? 77 : i % 12, ",", i / 12, ",", 100 + i, "\n");
  return text;
}

void put(const Communicator& world, const std::string& path, const std::string& content) {
  if (world.rank() == 0) put_content(path, content);
  world.barrier();
}

TEST(GraphInput, AWrongCoordinateOfOnePartIsAFileErrorOnAllRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  put(world, scratch / "m.su2", strip());
  for (const int wrong : {0, 7, 12, last_node}) {
    put(world, scratch / "s.csv", table("PointID", wrong));
    const std::string text = expect_file_error("x is 77", [&] {
      io::read_mesh(world, scratch / "m.su2", {{scratch / "s.csv"}, {}, false});
    });
    EXPECT_NE(text.find(cat("line ", wrong + 2)), std::string::npos) << text;
    std::string first = text;
    world.broadcast(first, 0);
    EXPECT_EQ(text, first);
    world.barrier();
  }
}

TEST(GraphInput, SaysOnceThatNothingTiesTheRows) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  std::string values = "p\n";
  for (int i = 0; i <= last_node; ++i) values += cat(i, "\n");
  put(world, scratch / "m.su2", strip());
  put(world, scratch / "s.csv", values);
  std::vector<std::string> said;
  set_message_handler([&](Severity, const std::string& text) { said.push_back(text); });
  const GraphSlab slab = io::read_mesh(world, scratch / "m.su2", {{scratch / "s.csv", scratch / "s.csv"}, {}, false});
  set_message_handler({});
  EXPECT_EQ(said.size(), world.rank() == 0 ? 1u : 0u);
  for (const std::string& text : said)
    EXPECT_NE(text.find("m.su2: rows of solutions are taken in the order of the nodes"), std::string::npos) << text;
  for (std::size_t i = 0; i < slab.node_id.size(); ++i)
    EXPECT_EQ(slab.fields.at(0).values.at(i), double(slab.node_id[i]));
}

TEST(GraphInput, ContentDecidesWhatAFileIs) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  for (const std::string name : {"m.h5", "M.SU2", "m.msh", "m"}) {
    put(world, scratch / name, "\xef\xbb\xbf" + strip());
    put(world, scratch / "s.csv", table("", -1));
    const GraphSlab slab = io::read_mesh(world, scratch / name, {{scratch / "s.csv"}, {}, false});
    EXPECT_EQ(world.sum(std::int64_t(slab.node_id.size())), 24);
    world.barrier();
  }
  put(world, scratch / "m.su2", "version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 3\n");
  expect_file_error("git lfs pull", [&] { io::read_mesh(world, scratch / "m.su2"); });
  put(world, scratch / "g.msh", "$NOD\n");
  expect_file_error("", [&] { io::read_mesh(world, scratch / "g.msh"); });
}

}  // namespace
}  // namespace halograph
