// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/partition.hpp>

#include <algorithm>

#include "core/sort_unique.hpp"
#include "graph/routing/routing.hpp"
#include "graph/slab/slab_checks.hpp"

namespace halograph {
namespace {

constexpr std::int64_t nodes_per_patch = 1024;

}  // namespace

std::int64_t default_patches(std::int64_t n_nodes) {
  std::int64_t patches = 1;
  while (patches * nodes_per_patch < n_nodes) patches *= 2;
  return patches;
}

Partitioner given() {
  return [](const Communicator& comm, const GraphSlab& slab) {
    check_slab(comm, slab, "given patches");
    const std::size_t n = slab.node_id.size();
    std::string fault;
    if (slab.patch.size() != n) fault = cat("given patches: ", slab.patch.size(), " patches for ", n, " nodes");
    for (std::size_t i = 0; fault.empty() && i < n; ++i)
      if (slab.patch[i] < 0) fault = cat("given patches: node ", slab.node_id[i], " has patch ", slab.patch[i]);
    agree<UsageError>(comm, fault);
    return slab.patch;
  };
}

void partition(const Communicator& comm, GraphSlab& slab, const Partitioner& partitioner) {
  std::vector<std::int32_t> patch = partitioner(comm, slab);
  const bool unchanged = comm.min(std::int32_t(patch == slab.patch)) != 0;
  std::int64_t used = unchanged ? slab.n_patches : 0;
  for (std::int32_t p : patch) used = std::max(used, std::int64_t(p) + 1);
  slab.n_patches = comm.max(used);
  slab.patch = std::move(patch);
}

std::int64_t count_empty_patches(const Communicator& comm, const GraphSlab& slab) {
  std::vector<std::int32_t> used = slab.patch;
  sort_unique(used);
  const Routes routes = group_by_rank(std::int64_t(used.size()), comm.size(),
                                      [&](auto i) { return home_of(used[std::size_t(i)], comm.size()); });
  std::vector<std::int32_t> here;
  for (const auto& [source, list] : deliver<std::int32_t>(comm, routes, [&](auto i) { return used[std::size_t(i)]; }))
    here.insert(here.end(), list.begin(), list.end());
  sort_unique(here);
  return comm.max(slab.n_patches) - comm.sum(std::int64_t(here.size()));
}

}  // namespace halograph
