// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/mesh_graph.hpp>

#include <algorithm>
#include <compare>
#include <numeric>
#include <utility>
#include <vector>

#include <halograph/mpi/sparse_exchange.hpp>

#include "core/sort_unique.hpp"
#include "graph/mesh/mesh_checks.hpp"
#include "graph/mesh/repeated_elements.hpp"

namespace halograph {

namespace {

/// A directed edge; the order of the members is the order of the edges.
struct Arc {
  std::int64_t target, source;
  auto operator<=>(const Arc&) const = default;
};

std::vector<Arc> local_arcs(const MeshSlab& mesh) {
  std::vector<Arc> arcs;
  std::size_t limit = std::size_t(1) << 20;  // neighbours repeat most edges: drop the copies now and then
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    if (arcs.size() >= limit) {
      sort_unique(arcs);
      limit = std::max(limit, 2 * arcs.size());
    }
    const std::int64_t* corner = mesh.corner.data() + mesh.corner_offset[e];
    for (const auto& [a, b] : edges_of(mesh.shape[e])) {
      if (corner[a] == corner[b]) continue;
      arcs.push_back({corner[a], corner[b]});
      arcs.push_back({corner[b], corner[a]});
    }
  }
  sort_unique(arcs);
  return arcs;
}

/// Sends each arc to the rank with its target. Collective.
std::vector<Arc> collect_arcs(const Communicator& comm, std::vector<Arc> arcs, const std::vector<std::int64_t>& begin) {
  std::vector<std::pair<int, std::vector<Arc>>> outgoing;
  for (auto from = arcs.begin(); from != arcs.end();) {
    const int owner = slab_owner(begin, from->target);
    const auto to = std::lower_bound(from, arcs.end(), Arc{begin[std::size_t(owner) + 1], 0});
    outgoing.emplace_back(owner, std::vector<Arc>(from, to));
    from = to;
  }
  arcs = {};
  std::vector<Arc> mine;
  for (const auto& [source, received] : sparse_exchange<Arc>(comm, outgoing))
    mine.insert(mine.end(), received.begin(), received.end());
  sort_unique(mine);
  return mine;
}

}  // namespace

GraphSlab mesh_graph(const Communicator& comm, MeshSlab&& mesh) {
  const std::vector<std::int64_t> begin = agree_on_slabs(comm, mesh);
  const RepeatedElements repeated = find_repeated_elements(comm, mesh);
  remove_elements(mesh, repeated.copies);
  note_repeated_elements(comm, mesh, repeated.repeated);
  const std::vector<Arc> arcs = collect_arcs(comm, local_arcs(mesh), begin);

  GraphSlab graph;
  graph.dimension = mesh.dimension;
  graph.node_id.resize(mesh.position.size() / std::size_t(mesh.dimension));
  std::iota(graph.node_id.begin(), graph.node_id.end(), mesh.first_node);
  graph.position = std::move(mesh.position);
  graph.fields = std::move(mesh.fields);
  graph.period = mesh.period;
  remove_elements(mesh, std::vector<std::int32_t>(mesh.wrapped));  // drawn, they would span the domain
  for (ElementShape shape : mesh.shape) graph.cell_type.push_back(std::uint8_t(vtk_type_of(shape)));
  graph.cell_offset.assign(mesh.corner_offset.begin(), mesh.corner_offset.end());
  graph.cell_node = std::move(mesh.corner);
  graph.edge_source.reserve(arcs.size());
  graph.edge_target.reserve(arcs.size());
  for (const Arc& arc : arcs) {
    graph.edge_source.push_back(arc.source);
    graph.edge_target.push_back(arc.target);
  }
  graph.edge_id.resize(arcs.size());
  std::iota(graph.edge_id.begin(), graph.edge_id.end(), comm.exclusive_sum(std::int64_t(arcs.size())));
  return graph;
}

}  // namespace halograph
