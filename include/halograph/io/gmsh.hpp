// SPDX-License-Identifier: BSD-3-Clause
// Meshes in Gmsh's .msh format, versions 2.2 and 4.1, ASCII and binary. The parser is our own: the Gmsh
// library is under the GPL, ours under the BSD licence. Each part scans the whole file twice through
// a buffer of 1 MiB and keeps only its slab. On top of the slab it holds two bits a node and the map
// from node tags to rows: one entry for every run of consecutive tags, so next to nothing for the files
// that Gmsh writes and at worst 24 bytes a node. Nothing here communicates.
#pragma once

#include <string>

#include <halograph/graph/mesh_slab.hpp>

namespace halograph::io {

/// Slab `part` of `parts` of the mesh in `path`.
///
/// Elements are those of the highest dimension present, in file order; of a curved element only the
/// corners count. Nodes are those that are a corner of such an element, renumbered in file order: middle
/// nodes of curved elements, centres of arcs and the like are dropped. Positions have two components
/// if the elements are lines, triangles or quadrilaterals and all z are equal, else three.
/// Throws FileError, the same on every part, if the file breaks a rule of the format. That element tags are
/// unique is not checked.
MeshSlab read_gmsh(const std::string& path, int part, int parts);

}  // namespace halograph::io
