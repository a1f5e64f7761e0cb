// SPDX-License-Identifier: BSD-3-Clause
// Generates a box of spectral elements as a graph, without a file, for scaling runs, benchmarks and tests. Any part
// of it can be made without the rest. Nodes are the Gauss-Lobatto points of hexahedral elements; coincident points
// are one node, also across periodic faces. Edges join lattice neighbours inside an element. The result owns its
// memory. Nothing here communicates.
#pragma once

#include <array>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>

namespace halograph {

struct BoxOptions {
  std::array<std::int64_t, 3> elements{4, 4, 4};
  int order = 3;  ///< polynomial order: order + 1 points a direction and element, 1 to 64
  std::array<bool, 3> periodic{true, true, true};
  std::array<double, 3> lower{-std::numbers::pi, -std::numbers::pi, -std::numbers::pi};
  std::array<double, 3> upper{std::numbers::pi, std::numbers::pi, std::numbers::pi};
};

/// Number of nodes along each axis. Throws UsageError for options that make no box or one whose edges
/// int64 cannot count.
std::array<std::int64_t, 3> lattice_of(const BoxOptions& box);

/// Slab `part` of `parts`: a contiguous range of nodes, possibly none, with the edges into them. Node (i, j, k) of
/// the lattice has id i + nx (j + ny k); edges in both directions, none twice, no loops, sorted and numbered
/// by (target, source) over the whole box.
GraphSlab spectral_box(const BoxOptions& box, int part, int parts);

/// Adds the hexahedra between lattice neighbours as cells for viewers, each to the slab that holds its lowest corner.
/// Cells across a periodic boundary are left out: they would span the domain.
void add_cells(const BoxOptions& box, GraphSlab& slab);

/// The `order` + 1 Gauss-Lobatto-Legendre points on [-1, 1], ascending and exactly symmetric.
std::vector<double> gauss_lobatto_points(int order);

/// Adds the fields "velocity" [frames, n, 3] and "pressure" [frames, n, 1] of a Taylor-Green vortex at `times`:
///   u(t) = (sin x cos y cos z, -cos x sin y cos z, 0) exp(-3 nu t)
///   p(t) = (cos 2x + cos 2y)(cos 2z + 2) / 16 exp(-6 nu t)
/// At t = 0 these are the velocity and pressure that the incompressible equations give. Later the flow is
/// exact only under diffusion, which scales u by exp(-nu |k|^2 t) with |k|^2 = 3, and p, quadratic in u, by its
/// square; the 3-D flow also stretches vortices, which this formula leaves out.
/// Needs 3-D positions; throws UsageError otherwise, or where times or fields differ from those the slab has.
void add_taylor_green(GraphSlab& slab, std::span<const double> times, double viscosity = 0.05);

}  // namespace halograph
