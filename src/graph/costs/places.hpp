// SPDX-License-Identifier: BSD-3-Clause
// Nodes that lie in one place, found across ranks.
#pragma once

#include <cstdint>
#include <span>

#include <halograph/graph/costs/graph_facts.hpp>
#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Fills `coincident`, `close`, `apart` and `first_apart` of the facts by their tolerance. `label`: [n] the component
/// of each node of the checked slab. Collective.
void count_places(const Communicator& comm, const GraphSlab& slab, std::span<const std::int64_t> label,
                  GraphFacts& facts);

}  // namespace halograph
