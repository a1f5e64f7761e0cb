// SPDX-License-Identifier: BSD-3-Clause
// A distributed graph of which every rank knows the whole, for tests of what changes edges.
#pragma once

#include <functional>
#include <vector>

#include <halograph/graph/dist/edge_map.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/rewire/edge_list.hpp>

#include "tests/support/problems/whole_graph.hpp"

namespace halograph::testing {

/// random_graph() distributed over the ranks. Collective.
struct KnownGraph {
  KnownGraph(const Communicator& comm, std::uint64_t seed, std::int64_t nodes, std::int64_t edges,
             std::int64_t patches);
  WholeGraph whole;
  Graph graph;
};

/// Sizes with empty ranks, isolated nodes, no edges, no nodes; runs `check` on each.
void for_known_graphs(const std::function<void(const KnownGraph&)>& check);

/// This rank's in-edges of `whole`, in some random order.
EdgeList list_of(const WholeGraph& whole, const Graph& graph, std::uint64_t seed);

/// (target, source, id) of each local edge of a graph with the topology of `whole` on the rows of `rows`.
std::vector<WholeEdge> local_edges(const WholeGraph& whole, const Graph& graph, const WholeGraph& rows);

/// Both directions of a map agree, and row r of map.from goes to to_row[r], -1: nowhere.
void expect_map(const EdgeMap& map, const std::vector<std::int32_t>& to_row);

}  // namespace halograph::testing
