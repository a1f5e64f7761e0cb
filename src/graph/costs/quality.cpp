// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/costs/quality.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include <halograph/graph/slab/patch_runs.hpp>
#include <halograph/mpi/sparse_exchange.hpp>

#include "core/sort_unique.hpp"
#include "graph/routing/directory.hpp"
#include "graph/slab/slab_checks.hpp"

namespace halograph {
namespace {

template <class T>
using Messages = std::vector<std::pair<int, std::vector<T>>>;

struct PatchTotals {
  std::vector<std::int64_t> nodes, weight;
};

PatchTotals patch_totals(const Communicator& comm, const GraphSlab& slab, const std::vector<std::int32_t>& patch,
                         bool weighted) {
  std::int64_t patches = slab.n_patches;
  for (std::int32_t p : patch) patches = std::max(patches, std::int64_t(p) + 1);
  patches = comm.max(patches);
  PatchTotals totals;
  totals.nodes.resize(std::size_t(patches));
  totals.weight.resize(std::size_t(patches));
  for (std::size_t i = 0; i < patch.size(); ++i) {
    ++totals.nodes[std::size_t(patch[i])];
    totals.weight[std::size_t(patch[i])] += weighted ? slab.weight[i] : 1;
  }
  totals.nodes = comm.sum(std::span<const std::int64_t>(totals.nodes));
  totals.weight = comm.sum(std::span<const std::int64_t>(totals.weight));
  return totals;
}

// A row of `source`, owned by rank `from`, that rank `to` needs.
struct HaloRow {
  std::int64_t source;
  std::int32_t to, from;
  auto operator<=>(const HaloRow&) const = default;
};

// The halo rows of the edges of this slab, each once. Counts the cut edges on the way.
std::vector<HaloRow> halo_rows(const Communicator& comm, const Directory<std::int32_t>& directory,
                               const GraphSlab& slab, std::int64_t& cut_edges) {
  // Edges name a node many times: each is looked up elsewhere once, and here in a table.
  IdMap seen;
  std::vector<std::int64_t> ends;
  std::int64_t lowest = 0;
  for (const auto* list : {&slab.edge_source, &slab.edge_target})
    for (const std::int64_t id : *list) {
      lowest = std::min(lowest, id);
      if (id >= 0 && seen.insert(id, 0).second) ends.push_back(id);
    }
  agree<UsageError>(comm, lowest == 0 ? std::string() : cat("partition_quality: an edge joins node ", lowest));
  std::sort(ends.begin(), ends.end());
  const std::vector<std::int32_t> owner = directory.find(ends, -1);
  const auto unknown = std::find(owner.begin(), owner.end(), -1);
  agree<UsageError>(comm, unknown == owner.end()
                              ? std::string()
                              : cat("partition_quality: an edge joins node ",
                                    ends[std::size_t(unknown - owner.begin())], ", which no slab holds"));
  IdMap owners(ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) owners.insert(ends[i], owner[i]);
  const auto owner_of = [&](std::int64_t id) { return owners.find(id, -1); };
  std::vector<HaloRow> rows;
  for (std::size_t e = 0; e < slab.edge_source.size(); ++e) {
    const std::int32_t from = owner_of(slab.edge_source[e]), to = owner_of(slab.edge_target[e]);
    if (from != to) rows.push_back({slab.edge_source[e], to, from});
  }
  cut_edges = std::int64_t(rows.size());
  sort_unique(rows);
  return rows;
}

// The halo rows whose source is at home here: different slabs may have asked for the same one.
std::vector<HaloRow> rows_at_home(const Communicator& comm, const std::vector<HaloRow>& rows) {
  std::map<int, std::vector<HaloRow>> by_home;
  for (const HaloRow& row : rows) by_home[home_of(row.source, comm.size())].push_back(row);
  std::vector<HaloRow> here;
  for (const auto& [source, arrived] : sparse_exchange(comm, Messages<HaloRow>(by_home.begin(), by_home.end())))
    here.insert(here.end(), arrived.begin(), arrived.end());
  sort_unique(here);
  return here;
}

void count_halos(const Communicator& comm, const std::vector<HaloRow>& rows, PartitionQuality& quality) {
  using RankPair = std::array<std::int32_t, 2>;
  std::vector<std::int64_t> received(std::size_t(quality.ranks), 0);
  std::vector<RankPair> pairs;
  for (const HaloRow& row : rows) {
    ++received[std::size_t(row.to)];
    pairs.push_back({row.to, row.from});
    pairs.push_back({row.from, row.to});
  }
  received = comm.sum(std::span<const std::int64_t>(received));
  quality.halo_rows = std::accumulate(received.begin(), received.end(), std::int64_t(0));
  quality.max_halo_rows = *std::max_element(received.begin(), received.end());
  sort_unique(pairs);
  pairs = comm.all_gather_v(std::span<const RankPair>(pairs));
  sort_unique(pairs);
  std::vector<int> neighbours(std::size_t(quality.ranks), 0);
  for (const RankPair& pair : pairs) ++neighbours[std::size_t(pair[0])];
  quality.max_neighbours = *std::max_element(neighbours.begin(), neighbours.end());
  quality.mean_neighbours = double(pairs.size()) / quality.ranks;
}

}  // namespace

PartitionQuality partition_quality(const Communicator& comm, const GraphSlab& slab,
                                   const std::vector<std::int32_t>& patch, int ranks) {
  constexpr const char* caller = "partition_quality";
  require(ranks >= 1, caller, ": ", ranks, " ranks, at least 1 is needed");
  const SlabFacts facts = check_slab(comm, slab, caller);
  const bool fits = patch.size() == slab.node_id.size() &&
                    std::all_of(patch.begin(), patch.end(), [](std::int32_t p) { return p >= 0; });
  require_all<UsageError>(comm, fits, caller, ": ", patch.size(), " patches for ", slab.node_id.size(),
                          " nodes, one each and none negative is needed");

  PartitionQuality quality{.ranks = ranks, .nodes = facts.n_nodes};
  quality.edges = comm.sum(std::int64_t(slab.edge_source.size()));
  const PatchTotals totals = patch_totals(comm, slab, patch, facts.weighted);
  quality.patches = std::int64_t(totals.nodes.size());
  if (quality.patches > 0) {
    const auto [smallest, largest] = std::minmax_element(totals.nodes.begin(), totals.nodes.end());
    quality.min_patch = *smallest;
    quality.max_patch = *largest;
    quality.mean_patch = double(facts.n_nodes) / double(quality.patches);
    quality.empty_patches = std::count(totals.nodes.begin(), totals.nodes.end(), 0);
  }

  const std::vector<std::int64_t> first = assign_patches(totals.weight, ranks);
  std::int64_t heaviest = 0, total = 0;
  std::vector<std::int32_t> rank_of(totals.nodes.size());
  for (int rank = 0; rank < ranks; ++rank) {
    std::int64_t nodes = 0, weight = 0;
    for (std::int64_t p = first[std::size_t(rank)]; p < first[std::size_t(rank) + 1]; ++p) {
      rank_of[std::size_t(p)] = rank;
      nodes += totals.nodes[std::size_t(p)];
      weight += totals.weight[std::size_t(p)];
    }
    quality.idle_ranks += nodes == 0;
    heaviest = std::max(heaviest, weight);
    total += weight;
  }
  if (total > 0) quality.imbalance = double(heaviest) * ranks / double(total);

  std::vector<std::int32_t> owners;
  owners.reserve(patch.size());
  for (std::int32_t p : patch) owners.push_back(rank_of[std::size_t(p)]);
  const Directory<std::int32_t> directory(comm, slab.node_id, owners);
  const std::vector<HaloRow> rows = halo_rows(comm, directory, slab, quality.cut_edges);
  quality.cut_edges = comm.sum(quality.cut_edges);
  count_halos(comm, rows_at_home(comm, rows), quality);
  return quality;
}

}  // namespace halograph
