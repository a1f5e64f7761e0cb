// SPDX-License-Identifier: BSD-3-Clause
// Meshes and graphs from files of any known kind: graph files (.h5), SU2 meshes with solutions (.su2, .csv) and Gmsh
// meshes (.msh), told apart by their first bytes. Every rank gets a slab that it owns.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph::io {

struct MeshOptions {
  std::vector<std::string> solutions = {};              ///< of an .su2 mesh, one file a frame
  std::optional<std::vector<std::string>> fields = {};  ///< to keep; otherwise all. All of them must exist.
  bool cells = false;
  bool join_periodic = false;  ///< join the sides that a Gmsh mesh declares periodic; an error for other files
};

/// This rank's slab of the graph in `path`. Throws the same FileError or UsageError on all ranks. Collective.
GraphSlab read_mesh(const Communicator& comm, const std::string& path, const MeshOptions& options = {});

}  // namespace halograph::io
