// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph {

void add_cells(const BoxOptions& box, GraphSlab& slab) {
  const auto [nx, ny, nz] = lattice_of(box);
  const auto hexahedron = std::uint8_t(vtk_type_of(ElementShape::hexahedron));
  slab.cell_offset.assign(1, 0);
  for (const std::int64_t id : slab.node_id) {
    const std::int64_t i = id % nx, j = id / nx % ny, k = id / (nx * ny);
    if (i + 1 == nx || j + 1 == ny || k + 1 == nz) continue;
    for (const std::int64_t layer : {id, id + nx * ny})
      for (const std::int64_t corner : {layer, layer + 1, layer + 1 + nx, layer + nx}) slab.cell_node.push_back(corner);
    slab.cell_type.push_back(hexahedron);
    slab.cell_offset.push_back(std::int64_t(slab.cell_node.size()));
  }
}

}  // namespace halograph
