// SPDX-License-Identifier: BSD-3-Clause
// Points that every rank of a test knows whole, spread over patches, and graphs on them to compare.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <halograph/core/dtype.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/rewire/edge_list.hpp>
#include <halograph/graph/setup/distribute.hpp>

namespace halograph::testing {

/// Point i of n has the id id[i] and lies in patch[i] and graph[i].
struct PointSet {
  std::string name;
  std::int64_t dims = 3, n_patches = 7, n_graphs = 1;
  std::vector<double> points;  ///< [n, dims]
  std::vector<std::int64_t> id;
  std::vector<std::int32_t> patch, graph;
  std::size_t size() const { return id.size(); }
};

/// Ids out of order; patches at random, some empty, or all points in one; graphs at random, one of them empty.
inline PointSet point_set(std::string name, std::int64_t dims, std::vector<double> points, std::int64_t n_graphs = 1,
                          std::int64_t n_patches = 7) {
  PointSet set{std::move(name), dims, n_patches, n_graphs, std::move(points), {}, {}, {}};
  const std::size_t n = set.points.size() / std::size_t(dims);
  for (std::size_t i = 0; i < n; ++i) {
    set.id.push_back(std::int64_t(i * 7919 % 100003));
    const std::uint64_t bits = (i + 1) * 0x9e3779b97f4a7c15u;
    const std::int64_t patch = std::int64_t((bits >> 40) % std::uint64_t(n_patches));
    set.patch.push_back(std::int32_t(n_patches > 3 && patch == 2 ? 0 : patch));
    const std::int64_t graph = std::int64_t((bits >> 20) % std::uint64_t(n_graphs));
    set.graph.push_back(std::int32_t(n_graphs > 2 && graph == 1 ? 0 : graph));
  }
  return set;
}

/// The points as nodes without edges.
struct PointBed {
  Graph nodes;
  Tensor points;
  Batch batch;
};

inline PointBed spread(const Communicator& comm, const PointSet& set, DType dtype) {
  GraphSlab slab;
  slab.n_patches = set.n_patches;
  std::map<std::int64_t, std::size_t> number;
  for (std::size_t i = 0; i < set.size(); ++i) {
    number[set.id[i]] = i;
    if (std::int64_t(i) % comm.size() != comm.rank()) continue;
    slab.node_id.push_back(set.id[i]);
    slab.patch.push_back(set.patch[i]);
  }
  const Graph nodes = distribute(comm, slab, Device::preferred()).graph;
  std::vector<double> rows;
  std::vector<std::int32_t> graph;
  for (const std::int64_t id : nodes.node_id()) {
    const std::size_t i = number.at(id);
    for (std::int64_t c = 0; c < set.dims; ++c) rows.push_back(set.points[i * std::size_t(set.dims) + std::size_t(c)]);
    graph.push_back(set.graph[i]);
  }
  return {nodes, Tensor::from(rows, nodes.n_nodes(), set.dims, dtype, nodes.nodes()),
          Batch(nodes.nodes(), graph, set.n_graphs)};
}

/// The sources of the edges of all ranks in their order, on every rank. Collective.
inline std::vector<std::int64_t> all_sources(const Graph& graph) {
  return graph.comm().all_gather_v(std::span<const std::int64_t>(edge_list(graph).source_id));
}

/// On rank 0, that nodes, edges and ghosts of a graph are those of the graph that the rank built by itself, in their
/// order over all ranks. Collective over the first.
inline void expect_same_graph(const Graph& graph, const Graph& alone, const std::string& what) {
  const Communicator& comm = graph.comm();
  std::vector<std::int64_t> degree;
  const std::vector<std::int32_t> offset = graph.edge_offset().to_vector();
  for (std::size_t row = 0; row + 1 < offset.size(); ++row) degree.push_back(offset[row + 1] - offset[row]);
  const auto nodes = comm.all_gather_v(std::span<const std::int64_t>(graph.node_id()));
  const auto degrees = comm.all_gather_v(std::span<const std::int64_t>(degree));
  const auto ghosts = comm.all_gather_v(std::span<const std::int64_t>(graph.ghost_id()));
  const auto sources = all_sources(graph);
  if (comm.rank() > 0) return;
  std::vector<std::int32_t> offsets(1, 0);
  for (const std::int64_t d : degrees) offsets.push_back(offsets.back() + std::int32_t(d));
  EXPECT_EQ(nodes, alone.node_id()) << what;
  EXPECT_EQ(offsets, alone.edge_offset().to_vector()) << what;
  EXPECT_EQ(sources, all_sources(alone)) << what;
  EXPECT_EQ(ghosts, alone.ghost_id()) << what;
}

}  // namespace halograph::testing
