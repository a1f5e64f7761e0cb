// SPDX-License-Identifier: BSD-3-Clause
// Records on their way to the ranks that need them, during set-up.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <halograph/graph/routing/routes.hpp>
#include <halograph/mpi/sparse_exchange.hpp>

#include "graph/routing/id_map.hpp"

namespace halograph {

/// What ranks sent: (source, records), sources ascending.
template <class T>
using Arrivals = std::vector<std::pair<int, std::vector<T>>>;

/// The rank that keeps the directory entry of a node. High bits, so that the ids of one rank still
/// spread over the slots of its IdMap.
inline int home_of(std::int64_t id, int ranks) {
  return int(((mixed(std::uint64_t(id)) >> 32) * std::uint64_t(ranks)) >> 32);
}

/// The rank whose run of patches has `patch`.
inline int owner_of(std::span<const std::int64_t> first_patch, std::int64_t patch) {
  return int(std::upper_bound(first_patch.begin(), first_patch.end(), patch) - first_patch.begin()) - 1;
}

/// The positions 0..n-1 by rank: `rank_of(position)` in 0..ranks-1.
template <class RankOf>
Routes group_by_rank(std::int64_t n, int ranks, RankOf&& rank_of) {
  std::vector<std::int64_t> count(static_cast<std::size_t>(ranks), 0);
  for (std::int64_t i = 0; i < n; ++i) ++count[std::size_t(rank_of(i))];
  std::vector<std::size_t> route(count.size());
  Routes routes;
  for (std::size_t r = 0; r < count.size(); ++r) {
    if (count[r] == 0) continue;
    route[r] = routes.size();
    routes.emplace_back(int(r), std::vector<std::int32_t>()).second.reserve(std::size_t(count[r]));
  }
  for (std::int64_t i = 0; i < n; ++i) routes[route[std::size_t(rank_of(i))]].second.push_back(std::int32_t(i));
  return routes;
}

/// Sends make(position) for each position of the routes. The rank's own records are made in place
/// and not copied: most of a slab often stays. Collective.
template <class T, class Make>
Arrivals<T> deliver(const Communicator& comm, const Routes& routes, Make&& make) {
  Arrivals<T> outgoing;
  std::vector<T> own;
  for (const auto& [rank, positions] : routes) {
    std::vector<T>& records = rank == comm.rank() ? own : outgoing.emplace_back(rank, std::vector<T>()).second;
    records.reserve(positions.size());
    for (const std::int32_t p : positions) records.push_back(make(p));
  }
  Arrivals<T> arrivals = comm.size() > 1 ? sparse_exchange(comm, outgoing) : Arrivals<T>();
  if (!own.empty()) {
    const auto after = std::find_if(arrivals.begin(), arrivals.end(),
                                    [&comm](const auto& entry) { return entry.first > comm.rank(); });
    arrivals.emplace(after, comm.rank(), std::move(own));
  }
  return arrivals;
}

/// Answers go back to those who asked, in the order of the questions: `routes` as they were
/// delivered, `answers` one list for each arrival. Calls take(position, answer). Collective.
template <class T, class Take>
void answer(const Communicator& comm, const Routes& routes, const Arrivals<T>& answers, Take&& take) {
  const Arrivals<T> back = comm.size() > 1 ? sparse_exchange(comm, answers) : answers;
  for (std::size_t i = 0; i < back.size(); ++i)
    for (std::size_t j = 0; j < back[i].second.size(); ++j) take(routes[i].second[j], back[i].second[j]);
}

/// Patch numbers fit in 24 bits: every rank holds a few numbers for each patch while a graph is set up.
/// Throws on all ranks unless they name the same number, at least 1. Collective.
inline void require_patch_count(const Communicator& comm, std::int64_t n_patches, const char* where) {
  const std::int64_t least = comm.min(n_patches), most = comm.max(n_patches);
  require(least == most, where, ": the ranks name between ", least, " and ", most, " patches");
  require(most >= 1 && most <= std::int64_t(1) << 24, where, ": ", most,
          " patches; a partitioned graph has 1 to 2^24 of them");
}

/// Local rows are 32-bit: throws on all ranks if more than 2^31 - 1 go to one of them. Collective.
inline void require_room(const Communicator& comm, const Routes& routes, const char* what) {
  std::vector<std::int64_t> count(static_cast<std::size_t>(comm.size()), 0);
  for (const auto& [rank, positions] : routes) count[std::size_t(rank)] = std::int64_t(positions.size());
  count = comm.sum(std::span<const std::int64_t>(count));
  for (std::size_t r = 0; r < count.size(); ++r)
    require(count[r] <= std::numeric_limits<std::int32_t>::max(), "rank ", r, " would own ", count[r], " ", what,
            ", more than 2^31 - 1: use more ranks");
}

}  // namespace halograph
