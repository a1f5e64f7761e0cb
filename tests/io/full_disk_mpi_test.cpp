// SPDX-License-Identifier: BSD-3-Clause
// Writing to a disk that is too small: a small file system in memory, mounted for the test.
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <functional>

#include <halograph/io/archive.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/vtkhdf.hpp>
#include <halograph/io/weights.hpp>

#include "tests/io/sample_graph.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (world.rank() == 0) mounted = mount("tmpfs", scratch.folder().c_str(), "tmpfs", 0, "size=1m") == 0;
    mounted = world.max(int(mounted)) > 0;
    if (!mounted) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  }
  void TearDown() override {
    world.barrier();
    if (mounted && world.rank() == 0) umount2(scratch.folder().c_str(), MNT_DETACH);
    world.barrier();
  }

  // An earlier file of the same name stays as it was, and no temporary is left.
  void expect_untouched(const std::string& path, const std::function<void(bool large)>& write) {
    write(false);
    world.barrier();
    const std::string before = content_of(path);
    for (int round = 0; round < 3; ++round) expect_file_error("No space left on device", [&] { write(true); });
    world.barrier();
    EXPECT_TRUE(content_of(path) == before);
    EXPECT_EQ(scratch.count(), 1);
    write(false);
    world.barrier();
    EXPECT_TRUE(content_of(path) == before);
  }

  // 2 MiB on every rank.
  static std::vector<double> many() { return std::vector<double>(std::size_t(1) << 18, 1.0); }

  Communicator world{MPI_COMM_WORLD};
  Scratch scratch{world};
  bool mounted = false;
};

TEST_F(FullDisk, LeavesTheEarlierGraph) {
  const std::string path = scratch / "graph.h5";
  expect_untouched(path, [&](bool large) {
    GraphSlab slab = sample_graph(cut_for(world.rank(), world.size()));
    if (large) {
      slab = {};
      slab.edge_id.assign(100000, 1);
      slab.edge_source = slab.edge_target = slab.edge_id;
    }
    write_graph(world, path, slab);
  });
}

TEST_F(FullDisk, LeavesTheEarlierArchiveAndWeights) {
  for (const char* name : {"a.archive", "w.h5", "w.safetensors"}) {
    const std::string path = scratch / name;
    expect_untouched(path, [&](bool large) {
      const std::vector<double> values = large ? many() : std::vector<double>(10, 2.0);
      Archive archive;
      archive.tensors.push_back({"w", Tensor::from(values, 1, std::int64_t(values.size()), DType::f64), true});
      if (path.ends_with(".archive")) return write_archive(world, path, archive, "checkpoint");
      save_weights(world, path, archive.tensors);
    });
    world.barrier();
    if (world.rank() == 0) std::filesystem::remove(path);
    world.barrier();
  }
}

TEST_F(FullDisk, LeavesTheEarlierView) {
  const std::string path = scratch / "view.vtkhdf";
  expect_untouched(path, [&](bool large) {
    VtkMesh mesh;
    mesh.dimension = 2;
    mesh.position = large ? many() : std::vector<double>(8, 0.5);
    write_vtkhdf(world, path, mesh, {});
  });
}

TEST_F(FullDisk, IsAnErrorBeforeTheFirstFileToo) {
  if (world.rank() == 0) {
    std::ofstream fill(scratch / "fill", std::ios::binary);
    const std::string block(4096, 'x');
    while (fill.write(block.data(), 4096).flush()) continue;
  }
  world.barrier();
  expect_file_error("No space left on device", [&] { write_graph(world, scratch / "graph.h5", GraphSlab{}); });
  expect_file_error("No space left on device", [&] { save_weights(world, scratch / "w.safetensors", {}); });
  world.barrier();
  EXPECT_EQ(scratch.count(), 1);
}

}  // namespace
}  // namespace halograph
