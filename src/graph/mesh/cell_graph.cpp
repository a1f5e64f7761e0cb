// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/cell_graph.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <compare>
#include <numeric>
#include <utility>
#include <vector>

#include "core/sort_unique.hpp"
#include "graph/mesh/mesh_checks.hpp"
#include "graph/mesh/repeated_elements.hpp"
#include "graph/routing/id_map.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

/// A side of a cell: its different corners ascending, -1 behind them.
struct Side {
  std::array<std::int64_t, 4> corner;
  std::int64_t cell;
  auto operator<=>(const Side&) const = default;
};

struct Arc {
  std::int64_t target, source;
  auto operator<=>(const Arc&) const = default;
};

template <class T>
std::vector<T> joined(const Arrivals<T>& arrivals) {
  std::vector<T> all;
  for (const auto& [source, list] : arrivals) all.insert(all.end(), list.begin(), list.end());
  return all;
}

/// The sides of the slab's elements; those that collapsed to less than a side are left out.
std::vector<Side> local_sides(const MeshSlab& mesh, std::int64_t first_cell) {
  std::vector<Side> sides;
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    const std::int64_t* corner = mesh.corner.data() + mesh.corner_offset[e];
    for (const std::vector<int>& side : sides_of(mesh.shape[e])) {
      std::vector<std::int64_t> nodes;
      for (const int c : side) nodes.push_back(corner[c]);
      sort_unique(nodes);
      if (int(nodes.size()) < dimension_of(mesh.shape[e])) continue;
      nodes.resize(4, -1);
      sides.push_back({{nodes[0], nodes[1], nodes[2], nodes[3]}, first_cell + std::int64_t(e)});
    }
  }
  return sides;
}

/// Between each two cells with a common side, in both directions.
std::vector<Arc> arcs_between(std::vector<Side> sides) {
  sort_unique(sides);
  std::vector<Arc> arcs;
  for (std::size_t begin = 0, end = 0; begin < sides.size(); begin = end) {
    while (end < sides.size() && sides[end].corner == sides[begin].corner) ++end;
    for (std::size_t a = begin; a < end; ++a)
      for (std::size_t b = begin; b < end; ++b)
        if (a != b) arcs.push_back({sides[a].cell, sides[b].cell});
  }
  sort_unique(arcs);
  return arcs;
}

/// Positions of `nodes`, ascending, [n, 3] from the ranks that have them. Collective.
std::vector<std::array<double, 3>> positions_of(const Communicator& comm, const MeshSlab& mesh,
                                                const std::vector<std::int64_t>& begin,
                                                const std::vector<std::int64_t>& nodes) {
  const Routes routes = group_by_rank(std::int64_t(nodes.size()), comm.size(),
                                      [&](std::int64_t i) { return slab_owner(begin, nodes[std::size_t(i)]); });
  const auto questions = deliver<std::int64_t>(comm, routes, [&](std::int32_t i) { return nodes[std::size_t(i)]; });
  Arrivals<std::array<double, 3>> answers;
  for (const auto& [source, ids] : questions) {
    auto& answer = answers.emplace_back(source, std::vector<std::array<double, 3>>()).second;
    for (const std::int64_t id : ids) {
      const double* x = mesh.position.data() + (id - mesh.first_node) * mesh.dimension;
      std::array<double, 3>& point = answer.emplace_back();
      std::copy(x, x + mesh.dimension, point.begin());
    }
  }
  std::vector<std::array<double, 3>> positions(nodes.size());
  answer(comm, routes, answers, [&](std::int32_t i, const std::array<double, 3>& x) { positions[std::size_t(i)] = x; });
  return positions;
}

/// Means of the corners; those of a wrapped element are taken where they lie nearest to its first one.
std::vector<double> centres(const Communicator& comm, const MeshSlab& mesh, const std::vector<std::int64_t>& begin) {
  std::vector<std::int64_t> nodes = mesh.corner;
  sort_unique(nodes);
  const auto positions = positions_of(comm, mesh, begin, nodes);
  IdMap place(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) place.insert(nodes[i], std::int32_t(i));
  std::vector<double> centre;
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    const std::size_t first = std::size_t(mesh.corner_offset[e]), last = std::size_t(mesh.corner_offset[e + 1]);
    const bool wrapped = std::binary_search(mesh.wrapped.begin(), mesh.wrapped.end(), std::int32_t(e));
    for (std::size_t axis = 0; axis < std::size_t(mesh.dimension); ++axis) {
      const auto at = [&](std::size_t c) { return positions[std::size_t(place.find(mesh.corner[c], 0))][axis]; };
      const double period = wrapped ? mesh.period[axis] : 0, origin = at(first);
      double sum = 0;
      for (std::size_t c = first; c < last; ++c)
        sum += period > 0 ? at(c) - period * std::round((at(c) - origin) / period) : at(c);
      centre.push_back(sum / double(last - first));
    }
  }
  return centre;
}

GraphSlab graph_of_cells(const Communicator& comm, const MeshSlab& mesh, const std::vector<std::int64_t>& nodes_begin) {
  const std::int64_t n_cells = std::int64_t(mesh.shape.size());
  std::vector<std::int64_t> begin = comm.all_gather(comm.exclusive_sum(n_cells));
  begin.push_back(comm.sum(n_cells));

  std::vector<Side> sides = local_sides(mesh, begin[std::size_t(comm.rank())]);
  const Routes homes = group_by_rank(std::int64_t(sides.size()), comm.size(), [&](std::int64_t s) {
    return home_of(sides[std::size_t(s)].corner[0], comm.size());
  });
  const std::vector<Arc> found =
      arcs_between(joined(deliver<Side>(comm, homes, [&](std::int32_t s) { return sides[std::size_t(s)]; })));
  sides = {};
  const Routes owners = group_by_rank(std::int64_t(found.size()), comm.size(),
                                      [&](std::int64_t a) { return slab_owner(begin, found[std::size_t(a)].target); });
  std::vector<Arc> arcs = joined(deliver<Arc>(comm, owners, [&](std::int32_t a) { return found[std::size_t(a)]; }));
  sort_unique(arcs);

  GraphSlab graph;
  graph.dimension = mesh.dimension;
  graph.node_id.resize(std::size_t(n_cells));
  std::iota(graph.node_id.begin(), graph.node_id.end(), begin[std::size_t(comm.rank())]);
  graph.position = centres(comm, mesh, nodes_begin);
  graph.period = mesh.period;
  for (const Arc& arc : arcs) {
    graph.edge_source.push_back(arc.source);
    graph.edge_target.push_back(arc.target);
  }
  graph.edge_id.resize(arcs.size());
  std::iota(graph.edge_id.begin(), graph.edge_id.end(), comm.exclusive_sum(std::int64_t(arcs.size())));
  return graph;
}

}  // namespace

GraphSlab cell_graph(const Communicator& comm, const MeshSlab& mesh) {
  const std::vector<std::int64_t> nodes_begin = agree_on_slabs(comm, mesh);
  const RepeatedElements repeated = find_repeated_elements(comm, mesh);
  if (repeated.repeated == 0) return graph_of_cells(comm, mesh, nodes_begin);
  note_repeated_elements(comm, mesh, repeated.repeated);
  MeshSlab once = mesh;
  remove_elements(once, repeated.copies);
  return graph_of_cells(comm, once, nodes_begin);
}

}  // namespace halograph
