// SPDX-License-Identifier: BSD-3-Clause
// Graph files: the nodes, edges, patches, cells and fields of a graph in one HDF5 file, described in
// docs/file_format.md. They are read and written in slabs; nobody holds the whole graph. The rows of a written file
// follow the order of the ranks, and within a rank that of its slab; the bytes of the file depend on the rows alone,
// not on how they were cut into slabs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// What read_graph takes from a file.
struct ReadOptions {
  std::optional<std::vector<std::string>> fields = std::nullopt;   ///< names in the wanted order; otherwise all
  std::optional<std::vector<std::int64_t>> frames = std::nullopt;  ///< frames in the wanted order; otherwise all
  bool cells = true;
};

struct GraphFieldInfo {
  std::string name;
  std::int64_t channels = 0;
  std::int64_t frames = 0;
};

/// What a graph file holds.
struct GraphFileInfo {
  std::int64_t version = 0;
  int dimension = 0;
  std::int64_t n_nodes = 0, n_edges = 0, n_cells = 0;
  std::int64_t n_patches = 0;  ///< 0: not partitioned
  std::int64_t n_corners = 0;  ///< of all cells
  int edge_channels = 0;
  bool weighted = false;
  std::array<double, 3> period{};
  std::vector<GraphFieldInfo> fields;
  std::int64_t frames = 0;    ///< of the fields that change; a field has one frame or this many
  std::vector<double> times;  ///< [frames], or empty
};

/// Replaces the file `path` by the graph of all slabs. The slabs agree in everything but their rows; optional columns
/// (patch, weight) are there on all ranks with nodes or on none. Throws the same FileError on all ranks if a slab
/// breaks a rule of the format or the file cannot be written; an earlier file is untouched then. Collective.
void write_graph(const Communicator& comm, const std::string& path, const GraphSlab& slab);

/// This rank's slab of a graph file: a contiguous range of the nodes, of the edges and of the cells, about equally
/// many on each rank. Checks every row that it reads; that ids are unique and end points exist is for distribute() to
/// find. Throws the same FileError on all ranks, naming file, dataset, row and rule. Collective.
GraphSlab read_graph(const Communicator& comm, const std::string& path, const ReadOptions& options = {});

/// The sizes of a graph file, with its structure checked but no rows read. Not collective. Throws FileError.
GraphFileInfo graph_file_info(const std::string& path);

}  // namespace halograph
