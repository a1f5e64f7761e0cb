// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/mesh_slab.hpp>

#include <array>

#include <halograph/core/error.hpp>

namespace halograph {

namespace {

struct Shape {
  const char* name;
  int vtk_type;
  int dimension;
  int corners;
  std::vector<std::pair<int, int>> edges;
  std::vector<std::vector<int>> sides;
};

const Shape& shape_of(ElementShape shape) {
  static const std::array<Shape, 7> shapes{{
      {"line", 3, 1, 2, {{0, 1}}, {{0}, {1}}},
      {"triangle", 5, 2, 3, {{0, 1}, {1, 2}, {2, 0}}, {{0, 1}, {1, 2}, {2, 0}}},
      {"quadrilateral", 9, 2, 4, {{0, 1}, {1, 2}, {2, 3}, {3, 0}}, {{0, 1}, {1, 2}, {2, 3}, {3, 0}}},
      {"tetrahedron",
       10,
       3,
       4,
       {{0, 1}, {1, 2}, {2, 0}, {0, 3}, {1, 3}, {2, 3}},
       {{0, 1, 2}, {0, 1, 3}, {1, 2, 3}, {0, 2, 3}}},
      {"pyramid",
       14,
       3,
       5,
       {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {0, 4}, {1, 4}, {2, 4}, {3, 4}},
       {{0, 1, 2, 3}, {0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}}},
      {"prism",
       13,
       3,
       6,
       {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}, {1, 4}, {2, 5}},
       {{0, 1, 2}, {3, 4, 5}, {0, 1, 4, 3}, {1, 2, 5, 4}, {2, 0, 3, 5}}},
      {"hexahedron",
       12,
       3,
       8,
       {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {4, 5}, {5, 6}, {6, 7}, {7, 4}, {0, 4}, {1, 5}, {2, 6}, {3, 7}},
       {{0, 1, 2, 3}, {4, 5, 6, 7}, {0, 1, 5, 4}, {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}}},
  }};
  require(std::size_t(shape) < shapes.size(), "element shape ", int(shape), " is unknown");
  return shapes[std::size_t(shape)];
}

}  // namespace

std::string_view name_of(ElementShape shape) { return shape_of(shape).name; }
int dimension_of(ElementShape shape) { return shape_of(shape).dimension; }
int vtk_type_of(ElementShape shape) { return shape_of(shape).vtk_type; }
int corners_of(ElementShape shape) { return shape_of(shape).corners; }
const std::vector<std::pair<int, int>>& edges_of(ElementShape shape) { return shape_of(shape).edges; }
const std::vector<std::vector<int>>& sides_of(ElementShape shape) { return shape_of(shape).sides; }

}  // namespace halograph
