// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh_graph.hpp>

#include <algorithm>
#include <compare>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <halograph/mpi/sparse_exchange.hpp>

namespace halograph {

namespace {

/// A directed edge; the order of the members is the order of the edges.
struct Arc {
  std::int64_t target, source;
  auto operator<=>(const Arc&) const = default;
};

void sort_unique(std::vector<Arc>& arcs) {
  std::sort(arcs.begin(), arcs.end());
  arcs.erase(std::unique(arcs.begin(), arcs.end()), arcs.end());
}

std::string fault_of(const MeshSlab& mesh, std::int64_t n_local) {
  if (mesh.dimension < 1 || mesh.dimension > 3) return cat("mesh of dimension ", mesh.dimension);
  if (std::int64_t(mesh.position.size()) != n_local * mesh.dimension) return "mesh with positions of broken rows";
  if (mesh.corner_offset.size() != mesh.shape.size() + 1 && !mesh.shape.empty())
    return cat("mesh with ", mesh.shape.size(), " elements and ", mesh.corner_offset.size(), " corner offsets");
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    if (mesh.shape[e] > ElementShape::hexahedron) return cat("element ", e, " of the slab has an unknown shape");
    if (mesh.corner_offset[e] < 0 || mesh.corner_offset[e + 1] - mesh.corner_offset[e] != corners_of(mesh.shape[e]) ||
        std::size_t(mesh.corner_offset[e + 1]) > mesh.corner.size())
      return cat("element ", e, " of the slab has the wrong number of corners");
  }
  for (std::int64_t node : mesh.corner)
    if (node < 0 || node >= mesh.n_nodes) return cat("an element refers to node ", node, " of ", mesh.n_nodes);
  for (const SlabField& field : mesh.fields)
    if (std::int64_t(field.values.size()) != field.frames * n_local * field.channels)
      return cat("field ", field.name, " has ", field.values.size(), " values for ", field.frames, " x ", n_local,
                 " x ", field.channels);
  return {};
}

/// First node of each rank's slab and, at the end, the number of nodes. Collective.
std::vector<std::int64_t> agree_on_slabs(const Communicator& comm, const MeshSlab& mesh) {
  const std::int64_t n_local = mesh.dimension > 0 ? std::int64_t(mesh.position.size()) / mesh.dimension : 0;
  agree<UsageError>(comm, fault_of(mesh, n_local));
  std::vector<std::int64_t> begin = comm.all_gather(mesh.first_node);
  const std::vector<std::int64_t> count = comm.all_gather(n_local), total = comm.all_gather(mesh.n_nodes);
  const std::vector<int> dimension = comm.all_gather(mesh.dimension);
  begin.push_back(mesh.n_nodes);
  bool fits = begin.front() == 0;
  for (std::size_t r = 0; r < count.size(); ++r)
    fits = fits && begin[r] + count[r] == begin[r + 1] && total[r] == total[0] && dimension[r] == dimension[0];
  require_all<UsageError>(comm, fits, "the ranks' slabs of nodes do not follow one another without gaps");
  return begin;
}

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
    // Empty slabs share their first node with the next rank; the last of equal ones holds it.
    const auto owner = std::upper_bound(begin.begin(), begin.end() - 1, from->target) - begin.begin() - 1;
    const auto to = std::lower_bound(from, arcs.end(), Arc{begin[std::size_t(owner) + 1], 0});
    outgoing.emplace_back(int(owner), std::vector<Arc>(from, to));
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
  const std::vector<Arc> arcs = collect_arcs(comm, local_arcs(mesh), begin);

  GraphSlab graph;
  graph.dimension = mesh.dimension;
  graph.node_id.resize(mesh.position.size() / std::size_t(mesh.dimension));
  std::iota(graph.node_id.begin(), graph.node_id.end(), mesh.first_node);
  graph.position = std::move(mesh.position);
  graph.fields = std::move(mesh.fields);
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
