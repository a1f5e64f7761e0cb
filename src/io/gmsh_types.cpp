// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_types.hpp"

#include <algorithm>
#include <array>

namespace halograph::io {

namespace {

using enum ElementShape;

// Orders 1 to 4, complete and serendipity; from the table "Legacy formats" in Gmsh's manual.
constexpr std::array<GmshType, 40> types{{
    {1, 2, 1, line},           {2, 3, 2, triangle},       {3, 4, 2, quadrilateral},  {4, 4, 3, tetrahedron},
    {5, 8, 3, hexahedron},     {6, 6, 3, prism},          {7, 5, 3, pyramid},        {8, 3, 1, line},
    {9, 6, 2, triangle},       {10, 9, 2, quadrilateral}, {11, 10, 3, tetrahedron},  {12, 27, 3, hexahedron},
    {13, 18, 3, prism},        {14, 14, 3, pyramid},      {15, 1, 0, line},          {16, 8, 2, quadrilateral},
    {17, 20, 3, hexahedron},   {18, 15, 3, prism},        {19, 13, 3, pyramid},      {20, 9, 2, triangle},
    {21, 10, 2, triangle},     {22, 12, 2, triangle},     {23, 15, 2, triangle},     {24, 15, 2, triangle},
    {25, 21, 2, triangle},     {26, 4, 1, line},          {27, 5, 1, line},          {28, 6, 1, line},
    {29, 20, 3, tetrahedron},  {30, 35, 3, tetrahedron},  {31, 56, 3, tetrahedron},  {36, 16, 2, quadrilateral},
    {37, 25, 2, quadrilateral}, {90, 40, 3, prism},       {91, 75, 3, prism},        {92, 64, 3, hexahedron},
    {93, 125, 3, hexahedron},  {118, 30, 3, pyramid},     {119, 55, 3, pyramid},     {38, 36, 2, quadrilateral},
}};

}  // namespace

const GmshType* find_gmsh_type(std::int64_t number) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const GmshType& t) { return t.number == number; });
  return found == types.end() ? nullptr : &*found;
}

}  // namespace halograph::io
