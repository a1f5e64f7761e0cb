// SPDX-License-Identifier: BSD-3-Clause
// Meshes and solutions of the flow solver SU2: the .su2 mesh and the .csv with one row of values a
// node. Each part scans the file through a buffer of 1 MiB, the elements twice, and keeps only its slab and two bits a
// node. Nothing here communicates.
#pragma once

#include <string>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

/// Returns slab `part` of `parts` of the mesh in `path`: nodes and elements in file order. As in SU2, nodes are
/// numbered by their order, and what stands behind coordinates and corners is not used; but all lines of a section have
/// equally many columns there. Markers and what else SU2 may have put into the file are skipped. One zone only.
///
/// All nodes are kept, so that the rows of a solution fit, unless there are elements of high order: of these only the
/// corners count, and nodes that are no corners are dropped. `notes` says so, and also names nodes without elements.
/// Throws FileError, the same on every part, if the file breaks a rule of the format.
MeshSlab read_su2(const std::string& path, int part, int parts);

/// Adds the columns of a table to the slab's fields as one frame: the first file makes the fields, further files must
/// have the same columns and append a frame each. SU2's and ParaView's names are known: columns A_x, A_y (and A_z in
/// 3-D), A:0, A:1, ... or A_0, A_1, A_2 are the field A, every other column is a field of one channel.
///
/// A column of node numbers ("PointID", "Point ID", "node_id", ...) must name every node once, in any order. Without
/// one the rows are in node order. Coordinates ("x", "Points:0", ...) are not kept; they must equal the mesh to 5e-6 of
/// the node's coordinates, six printed digits. Where neither ties the rows to the nodes, `notes` says so. Throws
/// FileError, and leaves the slab as it was, if the file does not fit; a wrong coordinate is seen only by the part that
/// has the node.
void read_su2_csv(const std::string& path, MeshSlab& mesh);

}  // namespace halograph::io
