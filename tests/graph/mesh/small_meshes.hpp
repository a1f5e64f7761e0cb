// SPDX-License-Identifier: BSD-3-Clause
// Small meshes of all shapes, and slabs of them.
#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::testing {

inline void add_element(MeshSlab& mesh, ElementShape shape, const std::vector<std::int64_t>& corners) {
  mesh.shape.push_back(shape);
  mesh.corner.insert(mesh.corner.end(), corners.begin(), corners.end());
  mesh.corner_offset.push_back(std::int32_t(mesh.corner.size()));
}

/// All of a small mesh: a grid of w x h quadrilaterals of which some are cut into triangles.
inline MeshSlab grid(std::int64_t w, std::int64_t h) {
  MeshSlab mesh;
  mesh.dimension = 2;
  mesh.n_nodes = (w + 1) * (h + 1);
  // Numbers jump about, so that edges join distant slabs.
  const auto node = [&](std::int64_t i, std::int64_t j) { return ((i + (w + 1) * j) * 7 + 3) % mesh.n_nodes; };
  for (std::int64_t n = 0; n < mesh.n_nodes; ++n)
    mesh.position.insert(mesh.position.end(), {double(n), 0.5 * double(n)});
  const auto add = [&](ElementShape shape, std::vector<std::int64_t> corners) { add_element(mesh, shape, corners); };
  mesh.corner_offset.push_back(0);
  for (std::int64_t j = 0; j < h; ++j)
    for (std::int64_t i = 0; i < w; ++i) {
      const std::int64_t a = node(i, j), b = node(i + 1, j), c = node(i + 1, j + 1), d = node(i, j + 1);
      if ((i + j) % 3 == 0) {
        add(ElementShape::triangle, {a, b, c});
        add(ElementShape::triangle, {a, c, d});
      } else {
        add(ElementShape::quadrilateral, {a, b, c, d});
      }
    }
  add(ElementShape::quadrilateral, {node(0, 0), node(0, 0), node(1, 0), node(0, 1)});  // collapsed
  SlabField field{"f", 2, 3, {}};
  for (std::int64_t k = 0; k < 3 * 2 * mesh.n_nodes; ++k) field.values.push_back(double(k));
  mesh.fields.push_back(field);
  return mesh;
}

/// n^3 cubes: whole, cut into prisms in some columns, into pyramids around their middle in others; or all into six
/// tetrahedra around a diagonal.
inline MeshSlab solid(std::int64_t n, bool tetrahedra) {
  MeshSlab mesh;
  mesh.corner_offset.push_back(0);
  const std::int64_t corners = (n + 1) * (n + 1) * (n + 1);
  mesh.n_nodes = corners + n * n * n;
  for (std::int64_t i = 0; i < mesh.n_nodes; ++i)
    mesh.position.insert(mesh.position.end(), {double(i * i % 17), double(i), 0.25 * double(i)});
  const auto node = [&](std::int64_t i, std::int64_t j, std::int64_t k) { return i + (n + 1) * (j + (n + 1) * k); };
  for (std::int64_t cell = 0; cell < n * n * n; ++cell) {
    const std::int64_t i = cell % n, j = cell / n % n, k = cell / n / n, middle = corners + cell;
    std::array<std::int64_t, 8> at{};
    for (std::int64_t c = 0; c < 8; ++c) at[std::size_t(c)] = node(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2));
    if (tetrahedra) {
      for (const auto& [a, b] : {std::pair{1u, 3u}, {3u, 2u}, {2u, 6u}, {6u, 4u}, {4u, 5u}, {5u, 1u}})
        add_element(mesh, ElementShape::tetrahedron, {at[0], at[a], at[b], at[7]});
    } else if ((i + 2 * j) % 3 == 0) {
      add_element(mesh, ElementShape::prism, {at[0], at[1], at[3], at[4], at[5], at[7]});
      add_element(mesh, ElementShape::prism, {at[0], at[3], at[2], at[4], at[7], at[6]});
    } else if ((i + 2 * j) % 3 == 1) {
      for (const auto& [a, b, c, d] : std::vector<std::array<std::size_t, 4>>{
               {0, 1, 3, 2}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 3, 7, 6}, {0, 2, 6, 4}, {1, 3, 7, 5}})
        add_element(mesh, ElementShape::pyramid, {at[a], at[b], at[c], at[d], middle});
    } else {
      add_element(mesh, ElementShape::hexahedron, {at[0], at[1], at[3], at[2], at[4], at[5], at[7], at[6]});
    }
  }
  return mesh;
}

/// Nodes [begin, end) and elements [first, last) of `mesh`.
inline MeshSlab cut(const MeshSlab& mesh, std::int64_t begin, std::int64_t end, std::int64_t first, std::int64_t last) {
  MeshSlab slab;
  slab.dimension = mesh.dimension;
  slab.n_nodes = mesh.n_nodes;
  slab.first_node = begin;
  slab.position.assign(mesh.position.begin() + begin * mesh.dimension, mesh.position.begin() + end * mesh.dimension);
  slab.corner_offset.push_back(0);
  for (std::int64_t e = first; e < last; ++e) {
    slab.shape.push_back(mesh.shape[std::size_t(e)]);
    slab.corner.insert(slab.corner.end(), mesh.corner.begin() + mesh.corner_offset[std::size_t(e)],
                       mesh.corner.begin() + mesh.corner_offset[std::size_t(e) + 1]);
    slab.corner_offset.push_back(std::int32_t(slab.corner.size()));
  }
  if (mesh.fields.empty()) return slab;
  const SlabField& whole = mesh.fields[0];
  SlabField part{whole.name, whole.channels, whole.frames, {}};
  for (std::int64_t f = 0; f < whole.frames; ++f)
    for (std::int64_t k = 2 * begin; k < 2 * end; ++k)
      part.values.push_back(whole.values[std::size_t(f * 2 * mesh.n_nodes + k)]);
  slab.fields.push_back(part);
  return slab;
}

}  // namespace halograph::testing
