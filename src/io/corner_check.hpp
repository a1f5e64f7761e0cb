// SPDX-License-Identifier: BSD-3-Clause
// Elements that name a node more than once: collapsed ones, which mesh generators write for a wedge in place of a
// hexahedron, and broken ones.
#pragma once

#include <cstdint>
#include <span>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

enum class Corners : std::uint8_t {
  different,
  collapsed,  ///< some edges shrank to a point, and what is left has the dimension of the shape
  broken      ///< fewer nodes than that, or a node at corners that no chain of such edges joins
};

Corners check_corners(ElementShape shape, std::span<const std::int64_t> corner);

}  // namespace halograph::io
