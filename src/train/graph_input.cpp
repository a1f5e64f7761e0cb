// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/graph_input.hpp>

#include <algorithm>
#include <utility>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/io/gmsh.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/su2.hpp>
#include <halograph/mpi/log.hpp>

#include "io/file_kind.hpp"
#include "train/naming.hpp"

namespace halograph::train {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

GraphSlab read_mesh(const Communicator& comm, const std::string& path, io::FileKind kind, const InputOptions& options) {
  MeshSlab mesh;
  on_all_ranks(comm, [&] {
    mesh = kind == io::FileKind::su2 ? io::read_su2(path, comm.rank(), comm.size())
                                     : io::read_gmsh(path, comm.rank(), comm.size(), {options.join_periodic});
    for (const std::string& solution : options.solutions) io::read_su2_csv(solution, mesh);
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

Partitioner partitioner_of(const Config::Partition& partition, bool has_patches) {
  const bool keep = partition.method == PartitionMethod::automatic && partition.patches == 0 && has_patches;
  if (keep || partition.method == PartitionMethod::given) return given();
  if (partition.method == PartitionMethod::coordinates) return coordinate_bisection({partition.patches});
  MetisOptions options;
  options.patches = partition.patches;
  return metis(options);
}

}  // namespace

GraphSlab read_input(const Communicator& comm, const std::string& path, const InputOptions& options) {
  io::FileKind kind{};
  on_all_ranks(comm, [&] { kind = io::kind_of(path); });
  require(options.solutions.empty() || kind == io::FileKind::su2, path, ": files of a solution belong to an .su2 mesh");
  require(!options.join_periodic || kind == io::FileKind::gmsh, path, ": join_periodic belongs to a Gmsh mesh");
  if (kind == io::FileKind::hdf5) {
    ReadOptions read;
    read.fields = options.fields;
    read.cells = options.cells;
    return read_graph(comm, path, read);
  }
  GraphSlab slab = read_mesh(comm, path, kind, options);
  if (options.fields) keep_fields(slab, *options.fields, path);
  if (!options.cells) {
    slab.cell_type = {};
    slab.cell_offset = {};
    slab.cell_node = {};
  }
  return slab;
}

void partition_input(const Communicator& comm, GraphSlab& slab, const Config::Partition& method,
                     const std::string& source) {
  const bool has_patches = comm.max(slab.n_patches) > 0;
  require<FileError>(has_patches || method.method != PartitionMethod::given, source,
                     ": has no patches; partition it, or choose the method \"metis\" or \"coordinates\"");
  naming(source, [&] { partition(comm, slab, partitioner_of(method, has_patches)); });
  if (const std::int64_t empty = count_empty_patches(comm, slab); empty > 0 && empty < slab.n_patches)
    warn(comm, source, ": ", empty, " of ", slab.n_patches,
         empty == 1 ? " patches has no node" : " patches have no nodes",
         ": ranks that own no others have nothing to do; partition it anew, or into fewer patches");
}

std::vector<std::string> used_fields(const Config& config) {
  std::vector<std::string> names;
  for (const auto* list : {&config.input, &config.target})
    for (const std::string& name : *list)
      if (!contains(names, name)) names.push_back(name);
  return names;
}

GraphSlab read_configured(const Communicator& comm, const Config& config) {
  GraphSlab slab = read_input(comm, config.graph, {config.fields, used_fields(config), false, config.join_periodic});
  partition_input(comm, slab, config.partition, config.graph);
  return slab;
}

}  // namespace halograph::train
