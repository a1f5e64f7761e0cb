// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/mesh.hpp>

#include <algorithm>
#include <utility>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>
#include <halograph/io/gmsh.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/su2.hpp>
#include <halograph/mpi/log.hpp>

#include "core/contains.hpp"
#include "io/file_kind.hpp"

namespace halograph::io {
namespace {

GraphSlab from_mesh(const Communicator& comm, const std::string& path, FileKind kind, const MeshOptions& options) {
  MeshSlab mesh;
  on_all_ranks(comm, [&] {
    mesh = kind == FileKind::su2 ? read_su2(path, comm.rank(), comm.size())
                                 : read_gmsh(path, comm.rank(), comm.size(), {options.join_periodic});
    for (const std::string& solution : options.solutions) read_su2_csv(solution, mesh);
  });
  mesh.source = path;
  for (const std::string& line : mesh.notes) note(comm, path, ": ", line);
  return mesh_graph(comm, std::move(mesh));
}

void keep_fields(GraphSlab& slab, const std::vector<std::string>& wanted, const std::string& source) {
  std::string present;
  for (const SlabField& field : slab.fields) present += (present.empty() ? "" : ", ") + field.name;
  for (const std::string& name : wanted)
    require<FileError>(
        std::any_of(slab.fields.begin(), slab.fields.end(), [&](const auto& f) { return f.name == name; }), source,
        ": no field '", name, "'; there ",
        present.empty() ? "are none; an SU2 mesh has those of the solutions that are named, a graph file its own"
                        : "are " + present);
  std::erase_if(slab.fields, [&](const SlabField& field) { return !contains(wanted, field.name); });
}

}  // namespace

GraphSlab read_mesh(const Communicator& comm, const std::string& path, const MeshOptions& options) {
  FileKind kind{};
  on_all_ranks(comm, [&] { kind = kind_of(path); });
  require(options.solutions.empty() || kind == FileKind::su2, path, ": files of a solution belong to an .su2 mesh");
  require(!options.join_periodic || kind == FileKind::gmsh, path, ": join_periodic belongs to a Gmsh mesh");
  if (kind == FileKind::hdf5) {
    ReadOptions read;
    read.fields = options.fields;
    read.cells = options.cells;
    return read_graph(comm, path, read);
  }
  GraphSlab slab = from_mesh(comm, path, kind, options);
  if (options.fields) keep_fields(slab, *options.fields, path);
  if (!options.cells) {
    slab.cell_type = {};
    slab.cell_offset = {};
    slab.cell_node = {};
  }
  return slab;
}

}  // namespace halograph::io
