// SPDX-License-Identifier: BSD-3-Clause
// How long a training step takes on many ranks, from what one of them has to do. What is left out: that links are
// shared, that ranks differ and wait for the slowest, and that a partition may be worse than bricks.
#pragma once

#include <algorithm>

#include <halograph/graph/costs/rank_counts.hpp>

#include "tool/machine.hpp"

namespace halograph::tool {

struct Load {
  RankCounts rank;
  double seconds_per_node = 0, bytes_per_node = 0;  ///< of a step
  double row_bytes = 0;                             ///< of a halo row
  double gradient_bytes = 0;
  double exchanges = 0, sums = 0;  ///< a step
};

struct Prediction {
  double compute = 0;    ///< seconds of a step without messages
  double exchanges = 0;  ///< seconds of all exchanges
  double hidden = 0;     ///< of these, what the rows that wait for nobody can hide
  double sums = 0;       ///< seconds of all sums over ranks
  double bytes = 0;      ///< of memory on a rank

  double apart() const { return compute + exchanges + sums; }
  double overlapped() const { return apart() - hidden; }
};

/// A message takes latency + bytes / bandwidth; those of one exchange leave one after the other. A sum goes up `depth`
/// levels of a tree and down as many.
inline Prediction predict(const Load& load, const Link& link, int depth) {
  const RankCounts& r = load.rank;
  const double out = double(std::max(r.rows_sent, r.rows_returned)),
               in = double(std::max(r.rows_received, r.rows_returned_here));
  const double messages = std::max(r.messages_sent, r.messages_returned);
  const double exchange = messages * link.latency + std::max(out, in) * load.row_bytes / link.bandwidth;
  Prediction p;
  p.compute = double(r.nodes) * load.seconds_per_node;
  p.exchanges = load.exchanges * exchange;
  if (load.exchanges > 0 && r.nodes > 0) {
    const double interior = p.compute / load.exchanges * double(r.nodes - r.boundary_nodes) / double(r.nodes);
    p.hidden = load.exchanges * std::min(exchange, interior);
  }
  p.sums = 2 * depth * (load.sums * link.latency + load.gradient_bytes / link.bandwidth);
  p.bytes = double(r.nodes) * load.bytes_per_node + 2 * (out + in) * load.row_bytes;
  return p;
}

}  // namespace halograph::tool
