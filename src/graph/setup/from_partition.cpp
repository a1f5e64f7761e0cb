// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <string>

#include <halograph/graph/setup/solver_graph.hpp>

#include "graph/setup/assembly.hpp"
#include "graph/setup/plan.hpp"
#include "graph/setup/resolve_ownership.hpp"

namespace halograph {
namespace {

/// What is wrong with this rank's part by itself.
std::string problem_of(const SolverPartition& part, int ranks) {
  const std::size_t n = part.node_id.size(), m = part.edge_source.size();
  const std::size_t most = std::size_t(std::numeric_limits<std::int32_t>::max());
  if (n > most || m > most)
    return cat("from_partition: ", n, " nodes and ", m, " edges on a rank; at most 2^31 - 1 each");
  if (!part.owner.empty() && part.owner.size() != n)
    return cat("from_partition: ", part.owner.size(), " owners for ", n, " nodes");
  if (!part.patch.empty() && part.patch.size() != n)
    return cat("from_partition: ", part.patch.size(), " patch numbers for ", n, " nodes");
  if (part.dimension < 1 || part.dimension > 3)
    return cat("from_partition: positions have ", part.dimension, " axes, expected 1 to 3");
  if (!part.position.empty() && part.position.size() != n * std::size_t(part.dimension))
    return cat("from_partition: ", part.position.size(), " coordinates of ", part.dimension, " axes for ", n, " nodes");
  if (part.edge_target.size() != m)
    return cat("from_partition: ", m, " edge sources and ", part.edge_target.size(), " targets");
  if (part.edge_id.size() != m && !(part.coalesce && part.edge_id.empty()))
    return cat("from_partition: ", part.edge_id.size(), " edge ids for ", m, " edges",
               part.coalesce ? "" : "; edges that are not coalesced need ids");
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t id = part.node_id[i];
    if (id < 0) return cat("from_partition: node id ", id, " is negative");
    if (!part.owner.empty() && (part.owner[i] < 0 || part.owner[i] >= ranks))
      return cat("from_partition: owner ", part.owner[i], " of node ", id, " is not a rank in 0..", ranks - 1);
    if (!part.patch.empty() && (part.patch[i] < 0 || part.patch[i] >= part.n_patches))
      return cat("from_partition: patch ", part.patch[i], " of node ", id, " is not in 0..", part.n_patches - 1);
  }
  for (std::size_t e = 0; e < m; ++e)
    for (const std::int32_t end : {part.edge_source[e], part.edge_target[e]})
      if (end < 0 || std::size_t(end) >= n)
        return cat("from_partition: edge ", e, " has local node ", end, ", which is not in 0..", std::int64_t(n) - 1);
  return {};
}

/// Whether the ranks that hold nodes give an optional array. Throws where some do and some do not.
bool given(const Communicator& comm, std::size_t n, std::size_t size, const char* what) {
  const int with = comm.max(int(n > 0 && size > 0)), without = comm.max(int(n > 0 && size == 0));
  require(!with || !without, "from_partition: some ranks give ", what, " of their nodes and some do not");
  return with;
}

/// Patches of each rank: from the first that it has to the first of the next rank that has any.
/// Patches without nodes go to the rank below. Collective.
std::vector<std::int64_t> patch_runs(const Communicator& comm, const ResolvedNodes& resolved, std::int64_t n_patches) {
  struct Run {
    std::int64_t first, last;
  };
  Run mine{n_patches, -1};
  for (std::size_t i = 0; i < resolved.owner.size(); ++i) {
    if (resolved.owner[i] != comm.rank()) continue;
    mine.first = std::min(mine.first, std::int64_t(resolved.patch[i]));
    mine.last = std::max(mine.last, std::int64_t(resolved.patch[i]));
  }
  const std::vector<Run> runs = comm.all_gather(mine);
  std::vector<std::int64_t> first_patch(runs.size() + 1, n_patches);
  std::int64_t next = n_patches;
  for (std::size_t r = runs.size(); r-- > 0;) {
    require(runs[r].last < next, "from_partition: rank ", r, " owns nodes of patch ", runs[r].last,
            " but a higher rank has patch ", next, "; patches ascend with the ranks");
    if (runs[r].last >= 0) next = runs[r].first;
    first_patch[r] = next;
  }
  for (std::size_t r = 0; r < runs.size() && first_patch[r] == next; ++r) first_patch[r] = 0;
  return first_patch;
}

}  // namespace

SolverGraph from_partition(const Communicator& comm, const SolverPartition& part, Device device) {
  const std::size_t n = part.node_id.size();
  require(comm.min(int(part.coalesce)) == comm.max(int(part.coalesce)),
          "from_partition: some ranks coalesce edges and some do not");
  given(comm, n, part.owner.size(), "owners");
  const bool own_patches = given(comm, n, part.patch.size(), "patches");
  const bool positions = given(comm, n, part.position.size(), "positions");
  if (own_patches) require_patch_count(comm, part.n_patches, "from_partition");
  agree<UsageError>(comm, problem_of(part, comm.size()));

  const ResolvedNodes resolved = resolve_ownership(comm, part, own_patches);
  std::vector<std::int64_t> first_patch(std::size_t(comm.size()) + 1);
  if (own_patches) first_patch = patch_runs(comm, resolved, part.n_patches);
  else
    for (std::size_t r = 0; r < first_patch.size(); ++r) first_patch[r] = std::int64_t(r);
  const auto tree = std::make_shared<const TreeSum>(comm, std::move(first_patch));
  Assembly assembly(tree);

  Arrivals<NodeRecord> own(1);
  own[0].first = comm.rank();
  std::vector<std::int32_t> own_local;
  for (std::size_t i = 0; i < resolved.owner.size(); ++i)
    if (resolved.owner[i] == comm.rank()) {
      own_local.push_back(resolved.first_copy[i]);
      own[0].second.push_back({part.node_id[std::size_t(own_local.back())], resolved.patch[i]});
    }

  const auto node_of = [&](std::int32_t local) { return std::size_t(resolved.node[std::size_t(local)]); };
  const Routes send_edges = group_by_rank(std::int64_t(part.edge_target.size()), comm.size(), [&](auto e) {
    return resolved.owner[node_of(part.edge_target[std::size_t(e)])];
  });
  require_room(comm, send_edges, "edges");
  auto edges_here = deliver<EdgeRecord>(comm, send_edges, [&](std::int32_t i) {
    const std::size_t e = std::size_t(i);
    const std::int32_t source = part.edge_source[e], target = part.edge_target[e];
    return EdgeRecord{part.node_id[std::size_t(target)], part.node_id[std::size_t(source)],
                      part.edge_id.empty() ? 0 : part.edge_id[e], resolved.patch[node_of(source)]};
  });
  const Placement rows = assembly.place(std::move(own), std::move(edges_here), part.coalesce);
  std::vector<std::int32_t> local_of_row(own_local.size());
  for (std::size_t i = 0; i < own_local.size(); ++i) local_of_row[std::size_t(rows.nodes[0].second[i])] = own_local[i];

  std::vector<std::int32_t> patch(n), copies(n);
  for (std::size_t i = 0; i < n; ++i) {
    patch[i] = resolved.patch[node_of(std::int32_t(i))];
    copies[i] = resolved.copies[node_of(std::int32_t(i))];
  }
  auto to_local = std::make_shared<Exchange>(comm, plan_copies(*tree, assembly.nodes(), part.node_id, patch), device);
  const SolverGraph graph(assembly.finish(device), Index(local_of_row, device), std::move(to_local), std::move(copies));
  if (!positions) return graph;
  Positions known{{}, part.dimension, part.period};
  for (const std::int32_t local : local_of_row) {
    const auto first = part.position.begin() + std::ptrdiff_t(local) * part.dimension;
    known.values.insert(known.values.end(), first, first + part.dimension);
  }
  return SolverGraph(graph, std::move(known));
}

}  // namespace halograph
