// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/box.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <halograph/core/error.hpp>
#include <halograph/graph/slab/slab_range.hpp>

namespace halograph {

namespace {

constexpr std::int64_t most_ids = std::numeric_limits<std::int64_t>::max();

/// The lattice along one axis.
struct Axis {
  std::int64_t size;
  bool periodic;

  /// The distinct neighbours of coordinate c; returns how many.
  int neighbours(std::int64_t c, std::array<std::int64_t, 2>& out) const {
    int count = 0;
    if (c > 0) out[count++] = c - 1;
    else if (periodic && size > 2) out[count++] = size - 1;
    if (c + 1 < size) out[count++] = c + 1;
    else if (periodic && size > 2) out[count++] = 0;
    return count;
  }

  std::int64_t degree(std::int64_t c) const {
    std::array<std::int64_t, 2> unused{};
    return neighbours(c, unused);
  }

  /// Sum of the degrees of the coordinates below c.
  std::int64_t degrees_below(std::int64_t c) const {
    if (periodic && size > 2) return 2 * c;
    if (c == 0 || size == 1) return 0;
    return 2 * c - 1 - (c == size ? 1 : 0);
  }
};

std::array<Axis, 3> axes_of(const BoxOptions& box) {
  const auto size = lattice_of(box);
  return {Axis{size[0], box.periodic[0]}, Axis{size[1], box.periodic[1]}, Axis{size[2], box.periodic[2]}};
}

std::array<std::int64_t, 3> lattice_point(const std::array<Axis, 3>& axes, std::int64_t id) {
  const std::int64_t nx = axes[0].size, ny = axes[1].size;
  return {id % nx, id / nx % ny, id / nx / ny};
}

/// Number of edges into nodes with a smaller id.
std::int64_t edges_before(const std::array<Axis, 3>& axes, std::int64_t id) {
  const auto& [x, y, z] = axes;
  const auto [i, j, k] = lattice_point(axes, id);
  return (j + y.size * k) * x.degrees_below(x.size) + x.degrees_below(i)                                            //
         + k * x.size * y.degrees_below(y.size) + x.size * y.degrees_below(j) + (j < y.size ? i * y.degree(j) : 0)  //
         + x.size * y.size * z.degrees_below(k) + (k < z.size ? (i + x.size * j) * z.degree(k) : 0);
}

/// Coordinates along one axis, computed where they are asked for: nobody stores a whole axis.
class PlanePositions {
 public:
  PlanePositions(const BoxOptions& box, int axis)
      : elements_(box.elements[std::size_t(axis)]),
        order_(box.order),
        lower_(box.lower[std::size_t(axis)]),
        upper_(box.upper[std::size_t(axis)]),
        points_(gauss_lobatto_points(box.order)) {}

  double at(std::int64_t c) const {
    const std::int64_t element = c / order_;
    if (element == elements_) return upper_;
    const double inside = (1 + points_[std::size_t(c % order_)]) / 2;
    return lower_ + (upper_ - lower_) * ((double(element) + inside) / double(elements_));
  }

 private:
  std::int64_t elements_;
  int order_;
  double lower_, upper_;
  std::vector<double> points_;
};

/// P_n(x) and P_{n-1}(x).
std::array<double, 2> legendre(int n, double x) {
  double before = 1, now = x;
  for (int k = 2; k <= n; ++k) {
    const double next = ((2 * k - 1) * x * now - (k - 1) * before) / k;
    before = now;
    now = next;
  }
  return {now, before};
}

}  // namespace

std::vector<double> gauss_lobatto_points(int order) {
  require(order >= 1 && order <= 64, "polynomial order ", order, ": expected 1 to 64");
  std::vector<double> points(std::size_t(order) + 1, 0.0);
  points.front() = -1;
  points.back() = 1;
  // Inner points are the zeros of P_n', found from Chebyshev's points; P_n'' follows from Legendre's equation.
  for (int i = 1; 2 * i < order; ++i) {
    double x = -std::cos(std::numbers::pi * i / order);
    for (int step = 0; step < 50; ++step) {
      const auto [value, before] = legendre(order, x);
      const double slope = order * (before - x * value) / (1 - x * x);
      const double bend = (2 * x * slope - order * (order + 1) * value) / (1 - x * x);
      const double change = slope / bend;
      x -= change;
      if (std::abs(change) < 1e-15) break;
    }
    points[std::size_t(i)] = x;
    points[std::size_t(order - i)] = -x;
  }
  return points;
}

std::array<std::int64_t, 3> lattice_of(const BoxOptions& box) {
  require(box.order >= 1 && box.order <= 64, "box of polynomial order ", box.order, ": expected 1 to 64");
  std::array<std::int64_t, 3> size{};
  std::int64_t nodes = 1;
  for (std::size_t a = 0; a < 3; ++a) {
    const std::int64_t elements = box.elements[a];
    require(elements >= 1, "box with ", elements, " elements along axis ", a, ": expected at least 1");
    require(std::isfinite(box.lower[a]) && std::isfinite(box.upper[a]) && box.lower[a] < box.upper[a] &&
                std::isfinite(box.upper[a] - box.lower[a]),
            "box from ", box.lower[a], " to ", box.upper[a], " along axis ", a, ": expected finite lower < upper");
    require(elements <= (most_ids - 1) / box.order, "box with ", elements, " elements along axis ", a,
            ": more nodes than 64-bit ids");
    size[a] = elements * box.order + (box.periodic[a] ? 0 : 1);
    // A node has up to 6 edges, and these are numbered too.
    require(size[a] <= most_ids / 6 / nodes, "box of ", nodes, " x ", size[a], " nodes: more edges than 64-bit ids");
    nodes *= size[a];
  }
  return size;
}

GraphSlab spectral_box(const BoxOptions& box, int part, int parts) {
  require_part(part, parts);
  const auto axes = axes_of(box);
  const std::int64_t nx = axes[0].size, ny = axes[1].size, n = nx * ny * axes[2].size;
  const std::int64_t begin = slab_begin(n, part, parts), end = slab_begin(n, part + 1, parts);
  require(end - begin <= std::numeric_limits<std::int32_t>::max(), "box of ", n, " nodes in ", parts,
          " parts: a part has more nodes than 32-bit indices");

  GraphSlab slab;
  slab.dimension = 3;
  for (std::size_t a = 0; a < 3; ++a) slab.period[a] = box.periodic[a] ? box.upper[a] - box.lower[a] : 0;
  const std::array<PlanePositions, 3> planes{PlanePositions(box, 0), PlanePositions(box, 1), PlanePositions(box, 2)};
  const std::int64_t first_edge = edges_before(axes, begin);
  const std::size_t n_edges = std::size_t(edges_before(axes, end) - first_edge);
  slab.node_id.reserve(std::size_t(end - begin));
  slab.position.reserve(3 * std::size_t(end - begin));
  slab.edge_source.reserve(n_edges);
  slab.edge_target.reserve(n_edges);
  slab.edge_id.reserve(n_edges);

  const std::array<std::int64_t, 3> stride{1, nx, nx * ny};
  std::vector<std::int64_t> sources;
  for (std::int64_t id = begin; id < end; ++id) {
    const auto point = lattice_point(axes, id);
    slab.node_id.push_back(id);
    sources.clear();
    for (std::size_t a = 0; a < 3; ++a) {
      slab.position.push_back(planes[a].at(point[a]));
      std::array<std::int64_t, 2> near{};
      const int found = axes[a].neighbours(point[a], near);
      for (int m = 0; m < found; ++m) sources.push_back(id + (near[std::size_t(m)] - point[a]) * stride[a]);
    }
    std::sort(sources.begin(), sources.end());
    for (std::int64_t source : sources) {
      slab.edge_id.push_back(first_edge + std::int64_t(slab.edge_id.size()));
      slab.edge_source.push_back(source);
      slab.edge_target.push_back(id);
    }
  }
  return slab;
}

}  // namespace halograph
