// SPDX-License-Identifier: BSD-3-Clause
#include "graph/setup/assembly.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>

#include "graph/setup/plan.hpp"
#include "graph/setup/row_order.hpp"

namespace halograph {
namespace {

/// How many records came from whom.
using Pieces = std::vector<std::pair<int, std::size_t>>;

/// All records in one array; frees the pieces on the way.
template <class T>
std::pair<std::vector<T>, Pieces> joined(Arrivals<T> arrivals) {
  Pieces pieces;
  std::size_t total = 0;
  for (const auto& [source, list] : arrivals) {
    pieces.emplace_back(source, list.size());
    total += list.size();
  }
  if (arrivals.size() == 1) return {std::move(arrivals.front().second), std::move(pieces)};
  std::vector<T> all;
  all.reserve(total);
  for (auto& [source, list] : arrivals) {
    all.insert(all.end(), list.begin(), list.end());
    list = {};
  }
  return {std::move(all), std::move(pieces)};
}

/// `place` cut into the pieces in which the records came.
Routes as_routes(const Pieces& pieces, std::span<const std::int32_t> place) {
  Routes routes;
  for (const auto& [source, count] : pieces) {
    routes.emplace_back(source, std::vector<std::int32_t>(place.begin(), place.begin() + std::ptrdiff_t(count)));
    place = place.subspan(count);
  }
  return routes;
}

/// Positions of edges by (target row, source id, edge id), and where each row begins.
struct Sorted {
  std::vector<std::int32_t> edge, offset;
};

/// Counts and scatters by target, then sorts each short run.
Sorted sorted_by_target(std::span<const EdgeRecord> edges, std::span<const std::int32_t> target, std::size_t n) {
  Sorted sorted{std::vector<std::int32_t>(edges.size()), std::vector<std::int32_t>(n + 2, 0)};
  auto& [order, offset] = sorted;
  for (const std::int32_t row : target) ++offset[std::size_t(row) + 2];
  // offset[row + 1] is where the row begins until its edges are in, and where it ends after that.
  std::partial_sum(offset.begin(), offset.end(), offset.begin());
  for (std::size_t e = 0; e < edges.size(); ++e)
    order[std::size_t(offset[std::size_t(target[e]) + 1]++)] = std::int32_t(e);
  offset.resize(n + 1);
  for (std::size_t row = 0; row < n; ++row)
    std::sort(order.begin() + offset[row], order.begin() + offset[row + 1], [&edges](std::int32_t a, std::int32_t b) {
      const EdgeRecord &x = edges[std::size_t(a)], &y = edges[std::size_t(b)];
      return std::tie(x.source, x.id) < std::tie(y.source, y.id);
    });
  return sorted;
}

/// Drops self-loops and repetitions.
void coalesce_rows(std::span<const EdgeRecord> edges, Sorted& sorted) {
  auto& [order, offset] = sorted;
  std::size_t kept = 0;
  std::int32_t begin = 0;
  for (std::size_t row = 0; row + 1 < offset.size(); ++row) {
    const std::int32_t end = offset[row + 1];
    for (std::int32_t e = begin; e < end; ++e) {
      const EdgeRecord& edge = edges[std::size_t(order[std::size_t(e)])];
      const bool repeats = kept > std::size_t(offset[row]) && edges[std::size_t(order[kept - 1])].source == edge.source;
      if (!repeats && edge.source != edge.target) order[kept++] = order[std::size_t(e)];
    }
    begin = end;
    offset[row + 1] = std::int32_t(kept);
  }
  order.resize(kept);
}

/// The first pair of edges whose order nothing decides, as an error text.
std::string repeated_edge(std::span<const EdgeRecord> edges, const Sorted& sorted) {
  for (std::size_t e = 1; e < sorted.edge.size(); ++e) {
    const EdgeRecord& a = edges[std::size_t(sorted.edge[e - 1])];
    const EdgeRecord& b = edges[std::size_t(sorted.edge[e])];
    if (a.target == b.target && a.source == b.source && a.id == b.id)
      return cat("edge id ", a.id, " from node ", a.source, " to node ", a.target,
                 " occurs more than once; edge ids are unique");
  }
  return {};
}

}  // namespace

/// Rows by (patch, id) for a start; returns them.
std::vector<std::int32_t> Assembly::place_nodes(std::span<const NodeRecord> nodes) {
  std::vector<std::int32_t> order(nodes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&nodes](std::int32_t a, std::int32_t b) {
    const NodeRecord &x = nodes[std::size_t(a)], &y = nodes[std::size_t(b)];
    return std::tie(x.patch, x.id) < std::tie(y.patch, y.id);
  });
  const std::size_t rank = std::size_t(tree_->comm().rank());
  const std::int64_t first = tree_->first_patch()[rank], patches = tree_->first_patch()[rank + 1] - first;
  nodes_.offset.assign(std::size_t(patches + 1), 0);
  nodes_.id.resize(nodes.size());
  nodes_.row = IdMap(nodes.size());
  std::vector<std::int32_t> place(nodes.size());
  for (std::size_t row = 0; row < nodes.size(); ++row) {
    const NodeRecord& node = nodes[std::size_t(order[row])];
    nodes_.id[row] = node.id;
    nodes_.row.insert(node.id, std::int32_t(row));
    ++nodes_.offset[std::size_t(node.patch - first + 1)];
    place[std::size_t(order[row])] = std::int32_t(row);
  }
  std::partial_sum(nodes_.offset.begin(), nodes_.offset.end(), nodes_.offset.begin());
  return place;
}

/// Whether a row lies in a patch, if it is a local one.
bool Assembly::in_patch(std::int32_t row, std::int32_t patch) const {
  const std::int64_t p = patch - tree_->first_patch()[std::size_t(tree_->comm().rank())];
  return p >= 0 && p + 1 < std::int64_t(nodes_.offset.size()) && row >= nodes_.offset[std::size_t(p)] &&
         row < nodes_.offset[std::size_t(p + 1)];
}

EdgeEnds Assembly::find_ends(std::span<const EdgeRecord> edges) const {
  EdgeEnds ends{std::vector<std::int32_t>(edges.size()), std::vector<std::int32_t>(edges.size())};
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const bool repeats = e > 0 && edges[e].target == edges[e - 1].target;
    ends.target[e] = repeats ? ends.target[e - 1] : nodes_.row.find(edges[e].target, -1);
    ends.source[e] = in_patch(ends.target[e], edges[e].source_patch) ? nodes_.row.find(edges[e].source, -1) : -1;
  }
  return ends;
}

/// The patch that each row faces: of those that its sources lie in the farthest in number, of two the lower.
std::vector<std::int32_t> Assembly::facing_patches(std::span<const EdgeRecord> edges, const EdgeEnds& ends) const {
  std::int32_t patch = std::int32_t(tree_->first_patch()[std::size_t(tree_->comm().rank())]);
  std::vector<std::int32_t> own(nodes_.id.size());
  for (std::size_t p = 0; p + 1 < nodes_.offset.size(); ++p, ++patch)
    std::fill(own.begin() + nodes_.offset[p], own.begin() + nodes_.offset[p + 1], patch);
  std::vector<std::int32_t> facing = own;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const std::size_t row = std::size_t(ends.target[e]);
    const auto key = [&](std::int32_t other) { return std::pair(-std::abs(other - own[row]), other); };
    if (key(edges[e].source_patch) < key(facing[row])) facing[row] = edges[e].source_patch;
  }
  return facing;
}

/// Gives nodes and ends their final rows; returns the new row of each old one.
std::vector<std::int32_t> Assembly::order_rows(std::span<const EdgeRecord> edges, EdgeEnds& ends) {
  std::vector<std::int32_t> row = order_of_rows(nodes_.offset, facing_patches(edges, ends), ends.source, ends.target);
  const std::vector<std::int64_t> id = std::move(nodes_.id);
  nodes_.id.resize(id.size());
  nodes_.row = IdMap(id.size());
  for (std::size_t old = 0; old < id.size(); ++old) {
    nodes_.id[std::size_t(row[old])] = id[old];
    nodes_.row.insert(id[old], row[old]);
  }
  for (std::vector<std::int32_t>* rows : {&ends.source, &ends.target})
    for (std::int32_t& end : *rows)
      if (end >= 0) end = row[std::size_t(end)];
  return row;
}

Placement Assembly::place(Arrivals<NodeRecord> node_arrivals, Arrivals<EdgeRecord> edge_arrivals, bool coalesce) {
  const auto [nodes, node_pieces] = joined(std::move(node_arrivals));
  const auto [edges, edge_pieces] = joined(std::move(edge_arrivals));
  std::vector<std::int32_t> node_place = place_nodes(nodes);
  EdgeEnds ends = find_ends(edges);
  const std::vector<std::int32_t> row = order_rows(edges, ends);
  for (std::int32_t& place : node_place) place = row[std::size_t(place)];

  const std::vector<std::int32_t> edge_place = place_edges(edges, ends, coalesce);
  return {as_routes(node_pieces, node_place), as_routes(edge_pieces, edge_place)};
}

std::vector<std::int32_t> Assembly::place_on(const Graph& graph, std::span<const EdgeRecord> edges,
                                             std::span<const std::int32_t> target, bool coalesce) {
  nodes_.id = graph.node_id();
  nodes_.offset = graph.nodes()->offset();
  nodes_.row = IdMap(nodes_.id.size());
  for (std::size_t row = 0; row < nodes_.id.size(); ++row) nodes_.row.insert(nodes_.id[row], std::int32_t(row));
  EdgeEnds ends{std::vector<std::int32_t>(edges.size(), -1), std::vector<std::int32_t>(target.begin(), target.end())};
  std::string problem;
  for (std::size_t e = 0; e < edges.size(); ++e) {
    const std::int32_t patch = edges[e].source_patch;
    if (owner_of(tree_->first_patch(), patch) != tree_->comm().rank()) continue;
    const std::int32_t source = nodes_.row.find(edges[e].source, -1);
    if ((source < 0 || !in_patch(source, patch)) && problem.empty())
      problem = cat("with_edges: node ", edges[e].source, " is not in patch ", patch);
    if (in_patch(target[e], patch)) ends.source[e] = source;
  }
  agree<UsageError>(tree_->comm(), problem);
  return place_edges(edges, ends, coalesce);
}

/// Edges in their order, and where they come from.
std::vector<std::int32_t> Assembly::place_edges(std::span<const EdgeRecord> edges, const EdgeEnds& ends,
                                                bool coalesce) {
  Sorted sorted = sorted_by_target(edges, ends.target, nodes_.id.size());
  if (coalesce) coalesce_rows(edges, sorted);
  else agree<UsageError>(tree_->comm(), repeated_edge(edges, sorted));
  topology_.edge_offset = std::move(sorted.offset);
  find_sources(edges, ends, sorted.edge);
  std::vector<std::int32_t> place(edges.size(), -1);
  for (std::size_t e = 0; e < sorted.edge.size(); ++e) place[std::size_t(sorted.edge[e])] = std::int32_t(e);
  return place;
}

/// Source rows: own rows inside a patch, otherwise ghosts in the order in which the patch's edges meet them.
void Assembly::find_sources(std::span<const EdgeRecord> edges, const EdgeEnds& ends,
                            std::span<const std::int32_t> order) {
  const std::size_t rank = std::size_t(tree_->comm().rank());
  const std::int64_t n = std::int64_t(nodes_.id.size());
  auto& source_row = topology_.source_row;
  source_row.resize(order.size());
  topology_.ghost_offset.assign(1, 0);
  for (std::size_t p = 0; p + 1 < nodes_.offset.size(); ++p) {
    const std::int32_t begin = topology_.edge_offset[std::size_t(nodes_.offset[p])];
    const std::int32_t end = topology_.edge_offset[std::size_t(nodes_.offset[p + 1])];
    IdMap ghosts;
    for (std::int32_t e = begin; e < end; ++e) {
      const std::size_t edge = std::size_t(order[std::size_t(e)]);
      source_row[std::size_t(e)] = ends.source[edge];
      if (ends.source[edge] >= 0) continue;
      const auto [ghost, is_new] = ghosts.insert(edges[edge].source, std::int32_t(topology_.ghost_id.size()));
      if (is_new) {
        topology_.ghost_id.push_back(edges[edge].source);
        ghost_patch_.push_back(edges[edge].source_patch);
      }
      // Wraps where the sum is too large; the check below stops before anybody reads it.
      source_row[std::size_t(e)] = std::int32_t(n + ghost);
    }
    topology_.ghost_offset.push_back(std::int64_t(topology_.ghost_id.size()));
  }
  const std::int64_t rows = n + std::int64_t(topology_.ghost_id.size());
  require_all<UsageError>(tree_->comm(), rows <= std::numeric_limits<std::int32_t>::max(), "rank ", rank,
                          " would hold ", rows, " nodes and ghosts, more than 2^31 - 1: use more ranks");
}

Graph Assembly::finish(Device device, RowSpacePtr nodes) {
  topology_.plan = plan_copies(*tree_, nodes_, topology_.ghost_id, ghost_patch_);
  plan_returns(*tree_, topology_.ghost_offset, topology_.plan);
  topology_.node_id = nodes_.id;
  if (!nodes) nodes = std::make_shared<const RowSpace>("nodes", tree_, nodes_.offset);
  return Graph(std::move(nodes), std::move(topology_), device);
}

}  // namespace halograph
