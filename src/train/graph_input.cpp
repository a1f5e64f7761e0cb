// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/graph_input.hpp>

#include <algorithm>

#include <halograph/core/error.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/io/mesh.hpp>
#include <halograph/mpi/log.hpp>

#include "core/contains.hpp"
#include "train/naming.hpp"

namespace halograph::train {
namespace {

Partitioner partitioner_of(const Config::Partition& partition, bool has_patches) {
  const bool keep = partition.method == PartitionMethod::automatic && partition.patches == 0 && has_patches;
  if (keep || partition.method == PartitionMethod::given) return given();
  if (partition.method == PartitionMethod::coordinates) return coordinate_bisection({partition.patches});
  MetisOptions options;
  options.patches = partition.patches;
  return metis(options);
}

}  // namespace

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
  GraphSlab slab = io::read_mesh(comm, config.graph, {config.fields, used_fields(config), false, config.join_periodic});
  partition_input(comm, slab, config.partition, config.graph);
  return slab;
}

}  // namespace halograph::train
