// SPDX-License-Identifier: BSD-3-Clause
#include "io/su2_types.hpp"

#include <utility>

#include <halograph/core/error.hpp>

namespace halograph::io {

namespace {

using enum ElementShape;

constexpr std::int64_t largest_number = 1'000'000;

std::optional<ElementShape> shape_of_vtk(std::int64_t type) {
  for (int s = 0; s <= int(hexahedron); ++s)
    if (vtk_type_of(ElementShape(s)) == type) return ElementShape(s);
  return std::nullopt;
}

/// Nodes of order p in rows: a face has p + 1 of them, shorter ones towards the tip of a triangle.
Su2Type rows_of(ElementShape shape, std::int64_t p) {
  const std::int64_t m = p + 1, triangle_nodes = m * (m + 1) / 2, square_nodes = m * m;
  const std::int64_t last = square_nodes - 1, top = p * square_nodes, lid = p * triangle_nodes;
  switch (shape) {
    case line: return {shape, p, m, {0, p}};
    case triangle: return {shape, p, triangle_nodes, {0, p, triangle_nodes - 1}};
    case quadrilateral: return {shape, p, square_nodes, {0, p, last, last - p}};
    case tetrahedron: {
      const std::int64_t nodes = m * (m + 1) * (m + 2) / 6;
      return {shape, p, nodes, {0, p, triangle_nodes - 1, nodes - 1}};
    }
    case pyramid: {
      const std::int64_t nodes = m * (m + 1) * (2 * m + 1) / 6;
      return {shape, p, nodes, {0, p, last, last - p, nodes - 1}};
    }
    case prism:
      return {shape, p, m * triangle_nodes, {0, p, triangle_nodes - 1, lid, lid + p, lid + triangle_nodes - 1}};
    case hexahedron:
      return {shape, p, m * square_nodes, {0, p, last, last - p, top, top + p, top + last, top + last - p}};
  }
  return {};
}

constexpr std::pair<int, const char*> vtk_names[] = {{1, "vertex"},
                                                     {7, "polygon"},
                                                     {8, "pixel"},
                                                     {11, "voxel"},
                                                     {21, "quadratic line"},
                                                     {22, "quadratic triangle"},
                                                     {23, "quadratic quadrilateral"},
                                                     {24, "quadratic tetrahedron"},
                                                     {25, "quadratic hexahedron"},
                                                     {26, "quadratic prism"},
                                                     {27, "quadratic pyramid"},
                                                     {28, "biquadratic quadrilateral"},
                                                     {29, "triquadratic hexahedron"},
                                                     {42, "polyhedron"}};

}  // namespace

std::optional<Su2Type> find_su2_type(std::int64_t number) {
  if (number < 0 || number >= largest_number) return std::nullopt;
  const std::int64_t of_mesh = number % 10'000, order = of_mesh / 100 + 1;
  const auto shape = shape_of_vtk(of_mesh % 100);
  if (!shape) return std::nullopt;
  if (order > 1) return rows_of(*shape, order);
  return Su2Type{*shape, 1, corners_of(*shape), {0, 1, 2, 3, 4, 5, 6, 7}};
}

std::string unknown_su2_type(std::int64_t number) {
  std::string name;
  for (const auto& [type, vtk] : vtk_names)
    if (type == number) name = cat(" (VTK's ", vtk, ")");
  return cat("element type ", number, name,
             " is not supported: SU2 has 3, 5, 9, 10, 12, 13 and 14, and 100 (p - 1) more for elements of order p");
}

}  // namespace halograph::io
