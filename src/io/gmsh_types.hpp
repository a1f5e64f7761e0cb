// SPDX-License-Identifier: BSD-3-Clause
// The element types of Gmsh. In all of them the corners come first, in the order of ElementShape.
#pragma once

#include <cstdint>

#include <halograph/graph/mesh_slab.hpp>

namespace halograph::io {

struct GmshType {
  int number;
  int nodes;           ///< in the file
  int dimension;       ///< 0 for a point
  ElementShape shape;  ///< means nothing for a point
};

/// Most nodes that an element of a known type has.
constexpr int gmsh_most_nodes = 125;

/// The type with this number, or null if it is not known.
const GmshType* find_gmsh_type(std::int64_t number);

}  // namespace halograph::io
