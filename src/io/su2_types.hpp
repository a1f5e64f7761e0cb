// SPDX-License-Identifier: BSD-3-Clause
// The element types of SU2: the number that VTK gives the shape and, for elements whose nodes lie on lines of
// polynomial order p, 100 (p - 1) more. Nodes of high order are listed along the first direction, then the second, then
// the third.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

struct Su2Type {
  ElementShape shape;
  std::int64_t order;
  std::int64_t nodes;                  ///< in the file
  std::array<std::int64_t, 8> corner;  ///< places of the corners among them, in the order of the shape
};

/// Returns the type with this number, if SU2 has it. Numbers above 10,000 also say the order of the solution, which
/// means nothing to a mesh.
std::optional<Su2Type> find_su2_type(std::int64_t number);

/// "element type 22 (VTK's quadratic triangle) is not supported: ..."
std::string unknown_su2_type(std::int64_t number);

}  // namespace halograph::io
