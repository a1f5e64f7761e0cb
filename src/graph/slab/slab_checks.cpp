// SPDX-License-Identifier: BSD-3-Clause
#include "graph/slab/slab_checks.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <halograph/graph/slab/partition.hpp>

namespace halograph {
namespace {

constexpr std::int64_t int32_max = std::numeric_limits<std::int32_t>::max();

std::string first_fault(const GraphSlab& slab, bool weighted, int dimension) {
  const std::size_t n = slab.node_id.size();
  if (std::int64_t(n) > int32_max) return cat(n, " nodes in one slab, at most 2^31 - 1 fit");
  if (n > 0 && slab.dimension != dimension)
    return cat("a slab of dimension ", slab.dimension, " beside one of dimension ", dimension);
  for (const double period : slab.period)
    if (!std::isfinite(period) || period < 0) return cat("period ", period, " is not a length; 0 means none");
  if (slab.position.size() != n * std::size_t(slab.dimension))
    return cat(slab.position.size(), " coordinates for ", n, " nodes of dimension ", slab.dimension);
  if (slab.edge_source.size() != slab.edge_target.size())
    return cat(slab.edge_source.size(), " edge sources and ", slab.edge_target.size(), " edge targets");
  for (std::int64_t id : slab.node_id)
    if (id < 0) return cat("node id ", id, " is negative");
  if (!weighted) return {};
  if (slab.weight.size() != n) return cat(slab.weight.size(), " weights for ", n, " nodes");
  for (std::size_t i = 0; i < n; ++i)
    if (slab.weight[i] < 0 || slab.weight[i] > int32_max)
      return cat("node ", slab.node_id[i], " weighs ", slab.weight[i], ", outside 0 .. 2^31 - 1");
  return {};
}

}  // namespace

SlabFacts check_slab(const Communicator& comm, const GraphSlab& slab, const char* caller) {
  const auto largest_id = std::max_element(slab.node_id.begin(), slab.node_id.end());
  const std::array<std::int64_t, 4> mine{largest_id == slab.node_id.end() ? -1 : *largest_id, slab.dimension,
                                         slab.dimension < 0 || slab.dimension > 3, !slab.weight.empty()};
  const auto all = comm.max(std::span<const std::int64_t>(mine));
  require(all[2] == 0, caller, ": the dimension of a slab is not 0, 1, 2 or 3");
  SlabFacts facts{.n_nodes = comm.sum(std::int64_t(slab.node_id.size())),
                  .max_id = all[0],
                  .dimension = int(all[1]),
                  .weighted = all[3] != 0};
  const std::string fault = first_fault(slab, facts.weighted, facts.dimension);
  agree<UsageError>(comm, fault.empty() ? fault : cat(caller, ": ", fault));
  return facts;
}

std::int64_t checked_patches(std::int64_t patches, std::int64_t n_nodes, const char* caller) {
  if (patches == 0) patches = default_patches(n_nodes);
  require(patches >= 1 && patches <= int32_max, caller, ": ", patches, " patches, 1 .. 2^31 - 1 are allowed");
  return patches;
}

}  // namespace halograph
