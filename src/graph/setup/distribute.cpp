// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/setup/distribute.hpp>

#include <limits>
#include <string>

#include <halograph/graph/slab/patch_runs.hpp>

#include "graph/routing/directory.hpp"
#include "graph/setup/assembly.hpp"

namespace halograph {
namespace {

/// What is wrong with this rank's slab by itself.
std::string problem_of(const GraphSlab& slab) {
  const std::size_t n = slab.node_id.size(), m = slab.edge_id.size();
  const std::size_t most = std::size_t(std::numeric_limits<std::int32_t>::max());
  if (n > most || m > most) return cat("distribute: a slab of ", n, " nodes and ", m, " edges; at most 2^31 - 1 each");
  if (slab.patch.size() != n) return cat("distribute: ", slab.patch.size(), " patch numbers for ", n, " nodes");
  if (!slab.weight.empty() && slab.weight.size() != n)
    return cat("distribute: ", slab.weight.size(), " weights for ", n, " nodes");
  if (slab.edge_source.size() != m || slab.edge_target.size() != m)
    return cat("distribute: ", slab.edge_source.size(), " edge sources, ", slab.edge_target.size(), " targets and ", m,
               " edge ids");
  for (std::size_t i = 0; i < n; ++i) {
    if (slab.node_id[i] < 0) return cat("distribute: node id ", slab.node_id[i], " is negative");
    if (slab.patch[i] < 0 || slab.patch[i] >= slab.n_patches)
      return cat("distribute: patch ", slab.patch[i], " of node ", slab.node_id[i], " is not in 0..",
                 slab.n_patches - 1);
  }
  for (const std::int64_t weight : slab.weight)
    if (weight < 0) return cat("distribute: node weight ", weight, " is negative");
  return {};
}

void check(const Communicator& comm, const GraphSlab& slab) {
  require_patch_count(comm, slab.n_patches, "distribute");
  agree<UsageError>(comm, problem_of(slab));
}

std::vector<std::int64_t> patch_weights(const Communicator& comm, const GraphSlab& slab) {
  std::vector<std::int64_t> weight(std::size_t(slab.n_patches), 0);
  for (std::size_t i = 0; i < slab.patch.size(); ++i)
    weight[std::size_t(slab.patch[i])] += slab.weight.empty() ? 1 : slab.weight[i];
  return comm.sum(std::span<const std::int64_t>(weight));
}

/// The patches of the ends of edges; both ends must be known.
std::vector<std::int32_t> known_patches(const Communicator& comm, const Directory<std::int32_t>& directory,
                                        const GraphSlab& slab, const std::vector<std::int64_t>& ends, const char* end) {
  const std::vector<std::int32_t> patch = directory.find(ends, -1);
  std::string problem;
  for (std::size_t e = 0; e < patch.size() && problem.empty(); ++e)
    if (patch[e] < 0)
      problem = cat("distribute: edge ", slab.edge_id[e], " has ", end, " node ", ends[e], ", which no slab has");
  agree<UsageError>(comm, problem);
  return patch;
}

}  // namespace

DistributedGraph distribute(const Communicator& comm, const GraphSlab& slab, Device device) {
  check(comm, slab);
  const auto tree = std::make_shared<const TreeSum>(comm, assign_patches(patch_weights(comm, slab), comm.size()));
  const auto& first_patch = tree->first_patch();
  const Directory<std::int32_t> directory(comm, slab.node_id, slab.patch);
  Assembly assembly(tree);

  const std::int64_t n = std::int64_t(slab.node_id.size()), m = std::int64_t(slab.edge_id.size());
  Routes send_nodes =
      group_by_rank(n, comm.size(), [&](auto i) { return owner_of(first_patch, slab.patch[std::size_t(i)]); });
  require_room(comm, send_nodes, "nodes");
  auto nodes_here = deliver<NodeRecord>(comm, send_nodes, [&slab](std::int32_t i) {
    return NodeRecord{slab.node_id[std::size_t(i)], slab.patch[std::size_t(i)]};
  });

  auto patch = known_patches(comm, directory, slab, slab.edge_target, "target");
  Routes send_edges =
      group_by_rank(m, comm.size(), [&](auto e) { return owner_of(first_patch, patch[std::size_t(e)]); });
  require_room(comm, send_edges, "edges");
  patch = known_patches(comm, directory, slab, slab.edge_source, "source");
  auto edges_here = deliver<EdgeRecord>(comm, send_edges, [&](std::int32_t i) {
    const std::size_t e = std::size_t(i);
    return EdgeRecord{slab.edge_target[e], slab.edge_source[e], slab.edge_id[e], patch[e]};
  });

  Placement rows = assembly.place(std::move(nodes_here), std::move(edges_here), false);
  Graph graph = assembly.finish(device);
  Migration nodes(comm, std::move(send_nodes), std::move(rows.nodes), n, graph.n_nodes());
  Migration edges(comm, std::move(send_edges), std::move(rows.edges), m, graph.n_edges());
  return {std::move(graph), std::move(nodes), std::move(edges)};
}

DistributedGraph distribute(const Communicator& comm, GraphSlab slab, const Partitioner& partitioner, Device device) {
  partition(comm, slab, partitioner);
  return distribute(comm, slab, device);
}

}  // namespace halograph
