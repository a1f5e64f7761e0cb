// SPDX-License-Identifier: BSD-3-Clause
// Where graphs for training come from: graph files (.h5), SU2 meshes with solutions (.su2, .csv) and Gmsh meshes
// (.msh), told apart by their first bytes. Every rank gets a slab that it owns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/train/config.hpp>

namespace halograph::train {

struct InputOptions {
  std::vector<std::string> solutions;              ///< of an .su2 mesh, one file a frame
  std::optional<std::vector<std::string>> fields;  ///< to keep; otherwise all. All of them must exist.
  bool cells = false;
  bool join_periodic = false;  ///< join the sides that a Gmsh mesh declares periodic; an error for other files
};

/// This rank's slab of the graph in `path`. Throws the same FileError or UsageError on all ranks. Collective.
GraphSlab read_input(const Communicator& comm, const std::string& path, const InputOptions& options = {});

/// Cuts the slab into patches as configured; `source` names the graph in messages. Collective.
void partition_input(const Communicator& comm, GraphSlab& slab, const Config::Partition& partition,
                     const std::string& source);

/// The fields that a configuration works with, each once.
std::vector<std::string> used_fields(const Config& config);

/// read_input and partition_input for a configuration. Collective.
GraphSlab read_configured(const Communicator& comm, const Config& config);

}  // namespace halograph::train
