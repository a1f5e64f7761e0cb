// SPDX-License-Identifier: BSD-3-Clause
// Holds one rank's piece of a graph before it is distributed. Readers and generators produce slabs; partitioners and
// distribute() take them. Rows may lie on any rank; no rank holds the whole.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace halograph {

/// Values on the nodes of a slab at one or several times.
struct SlabField {
  std::string name;
  std::int64_t channels = 1;
  std::int64_t frames = 1;
  std::vector<double> values;  ///< [frames, n_local_nodes, channels], row-major
};

/// A rank's nodes with everything that belongs to them, and some edges. Each node of the graph is in exactly one
/// slab; so is each edge, which need not be with its end points.
struct GraphSlab {
  int dimension = 0;                      ///< of the positions: 0 (none), 1, 2 or 3
  std::vector<std::int64_t> node_id;      ///< [n] global ids, unique over all ranks, >= 0, otherwise arbitrary
  std::vector<double> position;           ///< [n, dimension]
  std::vector<std::int32_t> patch;        ///< [n] patch of each node, or empty where nobody has partitioned yet
  std::int64_t n_patches = 0;             ///< over all ranks; 0 if not partitioned
  std::vector<std::int64_t> weight;       ///< [n] work of a node for load balance, or empty (all equal)
  std::vector<std::int64_t> edge_source;  ///< [m] global id
  std::vector<std::int64_t> edge_target;  ///< [m] global id; messages flow source -> target
  std::vector<std::int64_t> edge_id;      ///< [m] unique over all ranks; orders duplicate edges
  int edge_channels = 0;
  std::vector<double> edge_feature;  ///< [m, edge_channels] given features of edges, or empty
  std::array<double, 3> period{};    ///< length of the domain along each axis; 0: not periodic
  /// Cells of the mesh the graph came from, for viewers only: cell shapes as VTK numbers them, offsets into the corner
  /// list and global ids of the corners. Each cell is in one slab. Empty where there is no mesh.
  std::vector<std::uint8_t> cell_type;
  std::vector<std::int64_t> cell_offset;  ///< [n_cells + 1], or empty
  std::vector<std::int64_t> cell_node;
  std::vector<SlabField> fields;
  std::vector<double> times;  ///< [frames] of the fields; empty where not known
};

}  // namespace halograph
