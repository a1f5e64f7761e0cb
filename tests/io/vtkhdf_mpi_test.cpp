// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/vtkhdf.hpp>

#include <gtest/gtest.h>

#include "tests/io/sample_graph.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

VtkMesh mesh_of(const GraphSlab& slab, int dimension) {
  VtkMesh mesh{dimension, {}, slab.cell_type, slab.cell_offset, slab.cell_node};
  for (std::size_t i = 0; i < slab.node_id.size(); ++i)
    for (int d = 0; d < dimension; ++d) mesh.position.push_back(slab.position[3 * i + std::size_t(d)]);
  for (std::int64_t& point : mesh.cell_point) point %= sample_nodes;
  return mesh;
}

TEST(VtkHdf, HasTheSameBytesForAnyNumberOfRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const GraphSlab mine = sample_graph(cut_for(world.rank(), world.size())), whole = sample_graph();
  const auto write = [&](const Communicator& comm, const std::string& path, const GraphSlab& slab, int dimension,
                         bool cells, bool steps) {
    VtkMesh mesh = mesh_of(slab, dimension);
    if (!cells) mesh = {dimension, mesh.position, {}, {}, {}};
    mesh.numbers = {{"node_id", slab.node_id}};
    std::vector<SlabField> fields = slab.fields;
    fields.push_back({"plane", 2, 1, std::vector<double>(2 * slab.node_id.size(), 0.5)});
    if (steps) return write_vtkhdf(comm, path, mesh, fields, slab.times);
    write_vtkhdf(comm, path, mesh, std::span(fields).subspan(1));
  };
  for (int variant = 0; variant < 8; ++variant) {
    const int dimension = variant & 1 ? 3 : 2;
    write(world, scratch / "all.vtkhdf", mine, dimension, variant & 2, variant & 4);
    if (world.rank() == 0) {
      write({}, scratch / "one.vtkhdf", whole, dimension, variant & 2, variant & 4);
      EXPECT_TRUE(content_of(scratch / "all.vtkhdf") == content_of(scratch / "one.vtkhdf")) << "variant " << variant;
    }
    world.barrier();
  }
}

TEST(VtkHdf, RefusesWhatDoesNotFitOnAllRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const std::string path = scratch / "a.vtkhdf";
  const bool last = world.rank() == world.size() - 1;
  const GraphSlab mine = sample_graph(cut_for(world.rank(), world.size()));
  const auto refused = [&](const char* message, const std::function<void(VtkMesh&, GraphSlab&)>& damage) {
    VtkMesh mesh = mesh_of(mine, 3);
    mesh.numbers = {{"node_id", mine.node_id}};
    GraphSlab slab = mine;
    if (last) damage(mesh, slab);
    expect_file_error(message, [&] { write_vtkhdf(world, path, mesh, slab.fields, slab.times); });
  };
  refused("which is not in [0, 37)", [](VtkMesh& mesh, GraphSlab&) { mesh.cell_point[0] = 37; });
  refused("do not rise", [](VtkMesh& mesh, GraphSlab&) { mesh.cell_offset[1] = 1000; });
  refused("offsets for", [](VtkMesh& mesh, GraphSlab&) { mesh.cell_type.pop_back(); });
  refused("coordinates are no points", [](VtkMesh& mesh, GraphSlab&) { mesh.position.pop_back(); });
  refused("'node_id' has", [](VtkMesh& mesh, GraphSlab&) { mesh.numbers[0].values.push_back(0); });
  if (world.size() > 1) refused("the slabs differ", [](VtkMesh& mesh, GraphSlab&) { mesh.numbers[0].name = "rank"; });
  refused("field 'velocity' has", [](VtkMesh&, GraphSlab& slab) { slab.fields[0].values.pop_back(); });
  expect_file_error("there are 2 times for 3 frames", [&] {
    write_vtkhdf(world, path, mesh_of(mine, 3), mine.fields, std::vector<double>{0, 1});
  });
  EXPECT_EQ(scratch.count(), 0);
}

}  // namespace
}  // namespace halograph
