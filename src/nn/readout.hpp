// SPDX-License-Identifier: BSD-3-Clause
// Turns rows of atoms into rows of graphs, for models of energies.
#pragma once

#include <string>

#include <halograph/core/error.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

inline void check_readout(const char* model, const std::string& name, ops::Aggregation readout) {
  require(readout == ops::Aggregation::sum || readout == ops::Aggregation::mean, model, " ", name, ": readout is ",
          name_of(readout), ", not sum or mean");
}

/// Sums or averages over the nodes of each graph: [n_nodes, c] -> replicated [n_graphs, c].
inline Tensor readout(ops::Aggregation choice, const Batch& batch, const Tensor& x) {
  return choice == ops::Aggregation::sum ? ops::graph_sum(batch, x) : ops::graph_mean(batch, x);
}

}  // namespace halograph::nn
