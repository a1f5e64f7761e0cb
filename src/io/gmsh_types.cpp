// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_types.hpp"

#include <array>

namespace halograph::io {

namespace {

using enum ElementShape;

// All types of Gmsh 5.0: complete elements, then those without inner nodes.
// clang-format off: one line a family.
constexpr GmshType types[] = {
    {15, 1, 0, line},
    // Lines of orders 1 to 10.
    {1, 2, 1, line},
    {8, 3, 1, line},
    {26, 4, 1, line},
    {27, 5, 1, line},
    {28, 6, 1, line},
    {62, 7, 1, line},
    {63, 8, 1, line},
    {64, 9, 1, line},
    {65, 10, 1, line},
    {66, 11, 1, line},
    // Triangles of orders 1 to 10; 3 to 10.
    {2, 3, 2, triangle},
    {9, 6, 2, triangle},
    {21, 10, 2, triangle},
    {23, 15, 2, triangle},
    {25, 21, 2, triangle},
    {42, 28, 2, triangle},
    {43, 36, 2, triangle},
    {44, 45, 2, triangle},
    {45, 55, 2, triangle},
    {46, 66, 2, triangle},
    {20, 9, 2, triangle},
    {22, 12, 2, triangle},
    {24, 15, 2, triangle},
    {52, 18, 2, triangle},
    {53, 21, 2, triangle},
    {54, 24, 2, triangle},
    {55, 27, 2, triangle},
    {56, 30, 2, triangle},
    // Quadrilaterals of orders 1 to 10; 2 to 10.
    {3, 4, 2, quadrilateral},
    {10, 9, 2, quadrilateral},
    {36, 16, 2, quadrilateral},
    {37, 25, 2, quadrilateral},
    {38, 36, 2, quadrilateral},
    {47, 49, 2, quadrilateral},
    {48, 64, 2, quadrilateral},
    {49, 81, 2, quadrilateral},
    {50, 100, 2, quadrilateral},
    {51, 121, 2, quadrilateral},
    {16, 8, 2, quadrilateral},
    {39, 12, 2, quadrilateral},
    {40, 16, 2, quadrilateral},
    {41, 20, 2, quadrilateral},
    {57, 24, 2, quadrilateral},
    {58, 28, 2, quadrilateral},
    {59, 32, 2, quadrilateral},
    {60, 36, 2, quadrilateral},
    {61, 40, 2, quadrilateral},
    // Tetrahedra of orders 1 to 10; 3 to 10.
    {4, 4, 3, tetrahedron},
    {11, 10, 3, tetrahedron},
    {29, 20, 3, tetrahedron},
    {30, 35, 3, tetrahedron},
    {31, 56, 3, tetrahedron},
    {71, 84, 3, tetrahedron},
    {72, 120, 3, tetrahedron},
    {73, 165, 3, tetrahedron},
    {74, 220, 3, tetrahedron},
    {75, 286, 3, tetrahedron},
    {137, 16, 3, tetrahedron},
    {32, 22, 3, tetrahedron},
    {33, 28, 3, tetrahedron},
    {79, 34, 3, tetrahedron},
    {80, 40, 3, tetrahedron},
    {81, 46, 3, tetrahedron},
    {82, 52, 3, tetrahedron},
    {83, 58, 3, tetrahedron},
    // Hexahedra of orders 1 to 9; 2 to 9.
    {5, 8, 3, hexahedron},
    {12, 27, 3, hexahedron},
    {92, 64, 3, hexahedron},
    {93, 125, 3, hexahedron},
    {94, 216, 3, hexahedron},
    {95, 343, 3, hexahedron},
    {96, 512, 3, hexahedron},
    {97, 729, 3, hexahedron},
    {98, 1000, 3, hexahedron},
    {17, 20, 3, hexahedron},
    {99, 32, 3, hexahedron},
    {100, 44, 3, hexahedron},
    {101, 56, 3, hexahedron},
    {102, 68, 3, hexahedron},
    {103, 80, 3, hexahedron},
    {104, 92, 3, hexahedron},
    {105, 104, 3, hexahedron},
    // Prisms of orders 1 to 9; 2 to 9.
    {6, 6, 3, prism},
    {13, 18, 3, prism},
    {90, 40, 3, prism},
    {91, 75, 3, prism},
    {106, 126, 3, prism},
    {107, 196, 3, prism},
    {108, 288, 3, prism},
    {109, 405, 3, prism},
    {110, 550, 3, prism},
    {18, 15, 3, prism},
    {111, 24, 3, prism},
    {112, 33, 3, prism},
    {113, 42, 3, prism},
    {114, 51, 3, prism},
    {115, 60, 3, prism},
    {116, 69, 3, prism},
    {117, 78, 3, prism},
    // Pyramids of orders 1 to 9; 2 to 9.
    {7, 5, 3, pyramid},
    {14, 14, 3, pyramid},
    {118, 30, 3, pyramid},
    {119, 55, 3, pyramid},
    {120, 91, 3, pyramid},
    {121, 140, 3, pyramid},
    {122, 204, 3, pyramid},
    {123, 285, 3, pyramid},
    {124, 385, 3, pyramid},
    {19, 13, 3, pyramid},
    {125, 21, 3, pyramid},
    {126, 29, 3, pyramid},
    {127, 37, 3, pyramid},
    {128, 45, 3, pyramid},
    {129, 53, 3, pyramid},
    {130, 61, 3, pyramid},
    {131, 69, 3, pyramid},
    // What has no corners of a shape, or lies inside another element.
    {34, 0, 2, line, "polygon"},
    {35, 0, 3, line, "polyhedron"},
    {67, 2, 1, line, "border of two elements"},
    {68, 3, 2, line, "border of two elements"},
    {69, 0, 2, line, "polygon, border of two elements"},
    {70, 2, 1, line, "part of a line"},
    {84, 1, 1, line, "line of order 0"},
    {85, 1, 2, line, "triangle of order 0"},
    {86, 1, 2, line, "quadrilateral of order 0"},
    {87, 1, 3, line, "tetrahedron of order 0"},
    {88, 1, 3, line, "hexahedron of order 0"},
    {89, 1, 3, line, "prism of order 0"},
    {132, 1, 3, line, "pyramid of order 0"},
    {133, 1, 0, line, "part of a point"},
    {134, 2, 1, line, "part of a line"},
    {135, 3, 2, line, "part of a triangle"},
    {136, 4, 3, line, "part of a tetrahedron"},
    {138, 0, 2, line, "mini-element triangle"},
    {139, 0, 3, line, "mini-element tetrahedron"},
    {140, 4, 3, line, "trihedron"},
};
// clang-format on

constexpr std::size_t beyond = 141;

constexpr std::array<const GmshType*, beyond> by_number = [] {
  std::array<const GmshType*, beyond> table{};
  for (const GmshType& type : types) table[std::size_t(type.number)] = &type;
  return table;
}();

}  // namespace

const GmshType* find_gmsh_type(std::int64_t number) {
  return number >= 0 && number < std::int64_t(beyond) ? by_number[std::size_t(number)] : nullptr;
}

}  // namespace halograph::io
