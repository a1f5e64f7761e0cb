// SPDX-License-Identifier: BSD-3-Clause
// A graph that every rank of a test knows whole, slabs of it, and the local topology as its
// definition says, built the slow way.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/slab/graph_slab.hpp>

namespace halograph::testing {

struct WholeEdge {
  std::int64_t source, target, id;
};

struct WholeGraph {
  std::map<std::int64_t, std::int32_t> patch;  ///< by node id
  std::int64_t n_patches = 1;
  std::vector<WholeEdge> edges;
};

/// Sparse ids, isolated nodes, self-loops, duplicate edges, empty patches.
WholeGraph random_graph(std::uint64_t seed, std::int64_t n_nodes, std::int64_t n_edges, std::int64_t n_patches);

/// What `rank` holds before distribution: nodes and edges go to ranks at random, in random order.
GraphSlab slab_of(const WholeGraph& whole, int rank, int ranks, std::uint64_t seed);

/// Self-loops and repeated edges dropped.
WholeGraph coalesced(const WholeGraph& whole);

struct NaiveTopology {
  std::vector<std::int64_t> node_id, ghost_id, edge_id;
  std::vector<std::int64_t> node_offset, edge_patch_offset, ghost_offset;
  std::vector<std::int32_t> edge_offset, target_row, source_row, out_offset, out_edge;
  std::vector<bool> waits;  ///< [n_nodes] has an in-edge from another rank
};

/// The topology of the rank that owns patches [begin, end).
NaiveTopology naive_topology(const WholeGraph& whole, std::int64_t begin, std::int64_t end);
/// The same with node rows in the order that they have in `rows`, a graph of the same nodes.
NaiveTopology naive_topology(const WholeGraph& whole, std::int64_t begin, std::int64_t end, const WholeGraph& rows);

/// Checks all index arrays of a graph against the definition, the blocks too.
void expect_topology(const Graph& graph, const WholeGraph& whole);
void expect_topology(const Graph& graph, const WholeGraph& whole, const WholeGraph& rows);

/// A number of [0, 1) that depends on the arguments only.
double noise(std::int64_t a, std::int64_t b, std::int64_t c = 0);

/// [rows, cols] of noise by global id.
std::vector<double> noise_rows(const std::vector<std::int64_t>& id, std::int64_t cols);

}  // namespace halograph::testing
