// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/costs/rank_counts.hpp>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/partition.hpp>

#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

/// First row of each rank, and one more, from the first row of each patch.
std::vector<std::int64_t> rank_rows(const RowSpace& space, std::span<const std::int64_t> first_patch) {
  std::vector<std::int64_t> begin;
  for (const std::int64_t patch : first_patch) begin.push_back(space.offset()[std::size_t(patch)]);
  return begin;
}

std::int64_t distinct(std::vector<std::pair<int, std::int32_t>>& rows) {
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return std::int64_t(rows.size());
}

}  // namespace

RankCounts count_rank(const Graph& whole, std::span<const std::int64_t> first_patch, int rank) {
  require(whole.comm().size() == 1, "count_rank: the graph lives on ", whole.comm().size(), " ranks, expected 1");
  require(first_patch.size() >= 2 && first_patch.front() == 0 &&
              std::is_sorted(first_patch.begin(), first_patch.end()) &&
              first_patch.back() == whole.nodes()->n_local_patches(),
          "count_rank: the patch offsets must ascend from 0 to ", whole.nodes()->n_local_patches());
  require(rank >= 0 && std::size_t(rank) + 1 < first_patch.size(), "count_rank: no rank ", rank);
  const auto node_begin = rank_rows(*whole.nodes(), first_patch), ghost_begin = rank_rows(*whole.ghosts(), first_patch);
  const std::size_t r = std::size_t(rank);
  const std::vector<std::int32_t>& ghost_source = whole.exchange()->plan().ghost_source;
  const auto owner = [&](std::int64_t ghost) { return owner_of(node_begin, ghost_source[std::size_t(ghost)]); };

  RankCounts counts;
  counts.nodes = node_begin[r + 1] - node_begin[r];
  counts.ghosts = ghost_begin[r + 1] - ghost_begin[r];
  counts.patches = first_patch[r + 1] - first_patch[r];

  // Rows by (other rank, node).
  std::vector<std::pair<int, std::int32_t>> sent, received;
  for (std::size_t holder = 0; holder + 1 < ghost_begin.size(); ++holder)
    for (std::int64_t g = ghost_begin[holder]; g < ghost_begin[holder + 1]; ++g) {
      const int from = owner(g);
      if (from == int(holder)) continue;
      if (holder == r) received.push_back({from, ghost_source[std::size_t(g)]});
      if (from == rank) sent.push_back({int(holder), ghost_source[std::size_t(g)]});
    }
  counts.rows_returned = std::int64_t(received.size());
  counts.rows_returned_here = std::int64_t(sent.size());
  counts.rows_sent = distinct(sent);
  counts.rows_received = distinct(received);
  std::set<int> to, from;
  for (const auto& [other, row] : sent) to.insert(other);
  for (const auto& [other, row] : received) from.insert(other);
  counts.messages_sent = int(to.size());
  counts.messages_returned = int(from.size());
  to.merge(from);
  counts.neighbours = int(to.size());

  const std::vector<std::int32_t> offset = whole.edge_offset().to_vector(), source = whole.source_row().to_vector();
  for (std::int64_t row = node_begin[r]; row < node_begin[r + 1]; ++row) {
    const auto begin = source.begin() + offset[std::size_t(row)], end = source.begin() + offset[std::size_t(row) + 1];
    counts.edges += end - begin;
    counts.boundary_nodes += std::any_of(
        begin, end, [&](std::int32_t s) { return s >= whole.n_nodes() && owner(s - whole.n_nodes()) != rank; });
  }
  return counts;
}

RankCounts count_brick(std::int64_t elements, int order, std::int64_t patches) {
  const Communicator self;
  // Periodic, so that it has the nodes of one brick: opposite faces are counted once.
  GraphSlab brick = spectral_box({.elements = {elements, elements, elements}, .order = order}, 0, 1);
  partition(self, brick, coordinate_bisection({.patches = patches}));

  GraphSlab region =
      spectral_box({.elements = {elements + 2, elements + 2, elements + 2}, .order = order, .periodic = {}}, 0, 1);
  const std::int64_t side = elements * order, across = (elements + 2) * order + 1;
  region.n_patches = 27 * brick.n_patches;
  for (const std::int64_t id : region.node_id) {
    std::int64_t rank = 0, inside = 0, stride = 1;
    for (const std::int64_t at : {id % across, id / across % across, id / across / across}) {
      const std::int64_t shifted = at - order + side;               // the middle brick begins at `side`
      rank = 3 * rank + std::min<std::int64_t>(shifted / side, 2);  // the last plane of a thin brick is out of reach
      inside += shifted % side * stride;
      stride *= side;
    }
    region.patch.push_back(std::int32_t(rank * brick.n_patches) + brick.patch[std::size_t(inside)]);
  }
  std::vector<std::int64_t> first_patch;
  for (std::int64_t rank = 0; rank <= 27; ++rank) first_patch.push_back(rank * brick.n_patches);
  return count_rank(distribute(self, region, Device::host()).graph, first_patch, 13);
}

}  // namespace halograph
