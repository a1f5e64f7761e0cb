// SPDX-License-Identifier: BSD-3-Clause
// Meshes in Gmsh's .msh format, versions 2.0 to 2.2 and 4.1, ASCII and binary. The parser is our own: the Gmsh
// library is under the GPL, ours under the BSD licence. Each part scans the whole file twice through
// a buffer of 1 MiB and keeps only its slab. On top of the slab it holds two bits a node and the map
// from node tags to rows: one entry for every run of consecutive tags, so next to nothing for the files
// that Gmsh writes and at worst 24 bytes a node. Nothing here communicates.
#pragma once

#include <string>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

struct GmshOptions {
  /// Makes one node of each node of a section $Periodic and its master. Takes some 100 bytes a node of these sides on
  /// every part, and while reading 16 bytes a corner and 24 bytes a node of the slab's elements.
  bool join_periodic = false;
};

/// Slab `part` of `parts` of the mesh in `path`.
///
/// Elements are those of the highest dimension present, in file order; of a curved element of any order only the
/// corners count. Nodes are those that are a corner of such an element, renumbered in file order: middle
/// nodes of curved elements, centres of arcs and the like are dropped. Positions have two components
/// if the elements are lines, triangles or quadrilaterals and all z are equal, else three. Sections that are not needed
/// are skipped wherever they stand.
///
/// Where periodic sides are joined, the first in the file of the nodes that become one stays; mesh.period and
/// mesh.wrapped say how the elements lie. The sides must be shifted along the axes, and the edges of the elements must
/// span less than half a period.
///
/// mesh.notes has a line on periodic sides, joined or not, and one on collapsed elements (a hexahedron that is a
/// wedge), which are kept. An element that names so few nodes that it has no length, area or volume is an error.
///
/// Throws FileError if the file breaks a rule of the format, the same on every part; where an element of a joined mesh
/// spans too much, on the part that has it. That element tags are unique is not checked.
MeshSlab read_gmsh(const std::string& path, int part, int parts, const GmshOptions& options = {});

}  // namespace halograph::io
