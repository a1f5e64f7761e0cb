// SPDX-License-Identifier: BSD-3-Clause
// Holds one rank's slab of an unstructured mesh as the readers deliver it: a contiguous range of the nodes and a
// contiguous range of the elements, in file order.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>

namespace halograph {

/// Shape of an element; the number of corner nodes follows from it.
enum class ElementShape : std::uint8_t { line, triangle, quadrilateral, tetrahedron, pyramid, prism, hexahedron };

/// "triangle" and so on.
std::string_view name_of(ElementShape shape);

/// 1, 2 or 3.
int dimension_of(ElementShape shape);

/// The shape's number in VTK's files, which SU2 shares.
int vtk_type_of(ElementShape shape);

/// Corner nodes of a shape.
int corners_of(ElementShape shape);

/// Pairs of corners that an edge of the element joins, as indices into its corners; each edge once.
/// Numbering as VTK, Gmsh (first order) and SU2 have it, which agree.
const std::vector<std::pair<int, int>>& edges_of(ElementShape shape);

/// Corners of the sides that an element can share with a neighbour: faces of solids, edges of polygons, ends of lines.
const std::vector<std::vector<int>>& sides_of(ElementShape shape);

/// A contiguous range of nodes and elements.
struct MeshSlab {
  int dimension = 3;                        ///< of the positions: 2 or 3
  std::int64_t n_nodes = 0;                 ///< of the whole mesh
  std::int64_t first_node = 0;              ///< node ids are 0..n_nodes-1 in file order
  std::vector<double> position;             ///< [n_local, dimension]
  std::vector<ElementShape> shape;          ///< [n_local_elements]; elements of the mesh's dimension only
  std::vector<std::int32_t> corner_offset;  ///< [n_local_elements + 1]
  std::vector<std::int64_t> corner;         ///< node ids of the corners
  std::vector<SlabField> fields;            ///< on the nodes
  std::array<double, 3> period{};           ///< length of the domain along each axis; 0: not periodic
  /// Of a periodic mesh, elements of the slab, ascending, that lead from one side to the other: their corners are on
  /// both, and none of their edges spans half a period.
  std::vector<std::int32_t> wrapped;
  std::string source;              ///< names the mesh in messages: its file, or empty
  std::vector<std::string> notes;  ///< what the reader noticed, a line each, the same on every part
};

}  // namespace halograph
