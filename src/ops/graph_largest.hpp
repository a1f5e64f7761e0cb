// SPDX-License-Identifier: BSD-3-Clause
// Largest values over the nodes of graphs and where they stand, found by all ranks together; and what carries gradients
// back there.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::ops {

struct Largest {
  std::vector<double> value;     ///< 0 in a graph without nodes
  std::vector<std::int32_t> at;  ///< the local row that has it, the first of equals over all ranks; elsewhere -1
};

/// Appends those of this rank's nodes: [n_graphs, cols] of them.
void append_largest(Largest& largest, const Batch& batch, const Tensor& nodes);
/// Turns what each rank has into what all have. Collective.
void settle_largest(Largest& largest, const Communicator& comm);

/// nodes: graphs[g, c] at the row where[g, c], 0 elsewhere. The derivative is collective.
Tensor spread(const Batch& batch, const Index& where, const Tensor& graphs);

}  // namespace halograph::ops
