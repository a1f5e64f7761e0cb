// SPDX-License-Identifier: BSD-3-Clause
// Space is cut into cells much larger than the tolerance and dealt to ranks by a hash. A node is counted in its own
// cell; it is also shown to the few neighbouring cells that it is within the tolerance of.
#include "graph/costs/places.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
constexpr double cell_in_tolerances = 16;

using Point = std::array<double, 3>;

/// A node as a cell sees it.
struct Seen {
  std::uint64_t cell;  ///< a hash: two cells with the same one are only looked at together
  Point at;
  std::int64_t id, label;
  std::int64_t counts_here;  ///< 1 in the node's own cell

  bool operator<(const Seen& other) const { return std::tie(cell, at, id) < std::tie(other.cell, other.at, other.id); }
};

/// The cells of a node.
class Cells {
 public:
  Cells(const GraphSlab& slab, double tolerance) : period_(slab.period), tolerance_(tolerance) {}

  template <class See>
  void show(Point x, const See& see) const {
    for (std::size_t k = 0; k < 3; ++k) {
      if (period_[k] > 0) x[k] -= period_[k] * std::floor(x[k] / period_[k]);
      x[k] += 0.0;  // -0 is 0
    }
    std::array<std::array<double, 3>, 3> image{};  // along each axis: the node, and what a period shows of it
    std::array<std::size_t, 3> images{1, 1, 1};
    for (std::size_t k = 0; k < 3; ++k) {
      image[k][0] = x[k];
      if (period_[k] <= 0) continue;
      if (x[k] <= tolerance_) image[k][images[k]++] = x[k] + period_[k];
      if (x[k] >= period_[k] - tolerance_) image[k][images[k]++] = x[k] - period_[k];
    }
    for (std::size_t i = 0; i < images[0]; ++i)
      for (std::size_t j = 0; j < images[1]; ++j)
        for (std::size_t k = 0; k < images[2]; ++k)
          show_image({image[0][i], image[1][j], image[2][k]}, i + j + k == 0, see);
  }

 private:
  template <class See>
  void show_image(const Point& x, bool original, const See& see) const {
    const Point own = cell_of(x, 0), low = cell_of(x, -tolerance_), high = cell_of(x, tolerance_);
    for (double a = low[0];; a = high[0]) {
      for (double b = low[1];; b = high[1]) {
        for (double c = low[2];; c = high[2]) {
          see(x, hash({a, b, c}), original && Point{a, b, c} == own);
          if (c == high[2]) break;
        }
        if (b == high[1]) break;
      }
      if (a == high[0]) break;
    }
  }

  Point cell_of(const Point& x, double shift) const {
    if (tolerance_ == 0) return x;
    Point cell;
    for (std::size_t k = 0; k < 3; ++k) cell[k] = std::floor((x[k] + shift) / (cell_in_tolerances * tolerance_));
    return cell;
  }

  static std::uint64_t hash(const Point& cell) {
    std::uint64_t h = 0;
    for (const double c : cell) h = mixed(h ^ std::bit_cast<std::uint64_t>(c + 0.0));
    return h;
  }

  std::array<double, 3> period_;
  double tolerance_;
};

/// The nodes at one position.
struct Site {
  std::size_t begin, end;
  std::int64_t lowest_other = none;  ///< the lowest id with another label than the site's lowest node has
};

class Counter {
 public:
  explicit Counter(double tolerance) : tolerance_(tolerance) {}

  /// Counts in one cell, whose nodes are sorted by position and id.
  void count(std::span<const Seen> nodes) {
    std::vector<Site> sites;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (sites.empty() || nodes[sites.back().begin].at != nodes[i].at) sites.push_back({i, i});
      Site& site = sites.back();
      site.end = i + 1;
      if (nodes[i].label != nodes[site.begin].label) site.lowest_other = std::min(site.lowest_other, nodes[i].id);
    }
    std::size_t first = 0;
    for (const Site& site : sites) {
      while (nodes[site.begin].at[0] - nodes[sites[first].begin].at[0] > tolerance_) ++first;
      std::vector<const Site*> near;
      for (std::size_t s = first; s < sites.size(); ++s) {
        if (nodes[sites[s].begin].at[0] - nodes[site.begin].at[0] > tolerance_) break;
        if (within(nodes[site.begin].at, nodes[sites[s].begin].at)) near.push_back(&sites[s]);
      }
      for (std::size_t i = site.begin; i < site.end; ++i)
        if (nodes[i].counts_here) count_node(nodes, i, site, near);
    }
  }

  std::array<std::int64_t, 3> counts{};  ///< coincident, close, apart
  std::int64_t first_apart = none;

 private:
  bool within(const Point& a, const Point& b) const {
    double square = 0;
    for (std::size_t k = 0; k < 3; ++k) square += (a[k] - b[k]) * (a[k] - b[k]);
    return square <= tolerance_ * tolerance_;
  }

  void count_node(std::span<const Seen> nodes, std::size_t i, const Site& own, const std::vector<const Site*>& near) {
    const Seen& node = nodes[i];
    const bool exact = nodes[own.begin].id < node.id;
    bool close = false, apart = false;
    for (const Site* site : near) {
      const Seen& lowest = nodes[site->begin];
      close = close || lowest.id < node.id;
      apart = apart || (lowest.label != node.label ? lowest.id < node.id : site->lowest_other < node.id);
    }
    counts[0] += exact;
    counts[1] += close && !exact;
    counts[2] += apart;
    if (apart) first_apart = std::min(first_apart, node.id);
  }

  double tolerance_;
};

}  // namespace

void count_places(const Communicator& comm, const GraphSlab& slab, std::span<const std::int64_t> label,
                  GraphFacts& facts) {
  const Cells cells(slab, facts.tolerance);
  const std::size_t dimension = std::size_t(slab.dimension);
  std::vector<Seen> seen;
  seen.reserve(slab.node_id.size());
  for (std::size_t i = 0; i < slab.node_id.size(); ++i) {
    Point x{};
    for (std::size_t k = 0; k < dimension; ++k) x[k] = slab.position[i * dimension + k];
    if (!std::all_of(x.begin(), x.end(), [](double c) { return std::isfinite(c); })) continue;  // nowhere
    cells.show(x, [&](const Point& at, std::uint64_t cell, bool counts_here) {
      seen.push_back({cell, at, slab.node_id[i], label[i], counts_here});
    });
  }
  if (comm.size() > 1) {
    const Routes routes = group_by_rank(std::int64_t(seen.size()), comm.size(), [&](auto i) {
      return home_of(std::int64_t(seen[std::size_t(i)].cell), comm.size());
    });
    std::vector<Seen> here;
    for (const auto& [source, list] : deliver<Seen>(comm, routes, [&](auto i) { return seen[std::size_t(i)]; }))
      here.insert(here.end(), list.begin(), list.end());
    seen = std::move(here);
  }
  std::sort(seen.begin(), seen.end());
  Counter counter(facts.tolerance);
  for (std::size_t begin = 0, end = 0; begin < seen.size(); begin = end) {
    while (end < seen.size() && seen[end].cell == seen[begin].cell) ++end;
    if (end - begin > 1) counter.count(std::span(seen).subspan(begin, end - begin));
  }
  const auto counts = comm.sum(std::span<const std::int64_t>(counter.counts));
  facts.coincident = counts[0];
  facts.close = counts[1];
  facts.apart = counts[2];
  const std::int64_t first = comm.min(counter.first_apart);
  facts.first_apart = first == none ? -1 : first;
}

}  // namespace halograph
