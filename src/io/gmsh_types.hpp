// SPDX-License-Identifier: BSD-3-Clause
// The element types of Gmsh. In all of them the corners come first, in the order of ElementShape.
#pragma once

#include <cstdint>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

struct GmshType {
  std::int64_t number;
  int nodes;                     ///< in the file; 0 where each element gives its own number
  int dimension;                 ///< 0 for a point
  ElementShape shape;            ///< means nothing for a point and where `unread` is set
  const char* unread = nullptr;  ///< names a type that lacks the corners of an ElementShape: it is only skipped
};

/// Most nodes that an element of a known type has.
constexpr int gmsh_most_nodes = 1000;

/// The type with this number, or null if it is not known.
const GmshType* find_gmsh_type(std::int64_t number);

}  // namespace halograph::io
