// SPDX-License-Identifier: BSD-3-Clause
// Splits a graph by the types of its edges, into one graph per type on the same nodes, for layers that have
// parameters for each type of edge.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/rewire/subgraph.hpp>

namespace halograph {

/// Entry t has the edges e with edge_type[e] == t, in their order; it may have none. Throws UsageError on all ranks if
/// the number of entries [n_edges] or a type not in 0..n_types-1 is wrong somewhere. Collective: subgraph() for each
/// type. Make it once for a graph and keep it.
std::vector<Subgraph> typed_graphs(const Graph& graph, const std::vector<std::int32_t>& edge_type,
                                   std::int64_t n_types);

}  // namespace halograph
