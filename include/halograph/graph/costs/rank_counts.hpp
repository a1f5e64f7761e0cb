// SPDX-License-Identifier: BSD-3-Clause
// Counts what one of many ranks holds, sends and receives, without those ranks: a graph that lives whole on one rank
// is counted as if its patches were dealt to others. For a large box the part around one rank suffices.
#pragma once

#include <cstdint>
#include <span>

#include <halograph/graph/dist/graph.hpp>

namespace halograph {

struct RankCounts {
  std::int64_t nodes = 0, edges = 0;
  std::int64_t ghosts = 0;          ///< copies of nodes for patches, those of own nodes included
  std::int64_t boundary_nodes = 0;  ///< with an edge from another rank's node: they wait for messages
  std::int64_t patches = 0;
  // One exchange forward: nodes to ghosts.
  std::int64_t rows_sent = 0, rows_received = 0;
  int messages_sent = 0;
  // Its adjoint: ghosts to nodes.
  std::int64_t rows_returned = 0, rows_returned_here = 0;
  int messages_returned = 0;
  int neighbours = 0;  ///< ranks with messages in either direction

  friend bool operator==(const RankCounts&, const RankCounts&) = default;
};

/// Counts of `rank` if patches [first_patch[r], first_patch[r + 1]) belonged to rank r. `whole` lives on one rank;
/// UsageError otherwise. Not collective.
RankCounts count_rank(const Graph& whole, std::span<const std::int64_t> first_patch, int rank);

/// Counts of any rank of a periodic box of spectral elements whose ranks are equal bricks, at least three along each
/// axis: `elements` along each edge of a brick, `patches` a brick (0: default_patches), cut by coordinates. Made are
/// the brick and one layer of elements around it. Not collective.
RankCounts count_brick(std::int64_t elements, int order, std::int64_t patches = 0);

}  // namespace halograph
