// SPDX-License-Identifier: BSD-3-Clause
// Meshes and solutions of the flow solver SU2: the .su2 mesh and the .csv with one row of values a
// node. Each part scans the whole file once through a buffer of 1 MiB and keeps only its slab (for the
// .csv also one bit a node). All nodes of the mesh are kept, so that the rows of a solution fit.
// Nothing here communicates.
#pragma once

#include <string>

#include <halograph/graph/mesh_slab.hpp>

namespace halograph::io {

/// Slab `part` of `parts` of the mesh in `path`: nodes and elements in file order; markers and what
/// else SU2 may have put there are skipped. One zone only.
/// Throws FileError, the same on every part, if the file breaks a rule of the format.
MeshSlab read_su2(const std::string& path, int part, int parts);

/// Adds the columns of a solution to the slab's fields as one frame: the first file makes the fields,
/// further files must have the same columns and append a frame each. Columns called A_x, A_y (and A_z
/// in 3-D) together make the vector field A, every other column a field of one channel. "PointID" may
/// come in any order but must name every node once; without it rows are in node order. The columns x, y, z
/// are not kept; they must equal the mesh to 1e-6 of the node's coordinates.
/// Throws FileError, and leaves the slab as it was, if the file does not fit; a wrong coordinate is seen only
/// by the part that has the node.
void read_su2_csv(const std::string& path, MeshSlab& mesh);

}  // namespace halograph::io
