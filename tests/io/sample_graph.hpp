// SPDX-License-Identifier: BSD-3-Clause
// A small graph with everything that a graph file can hold, whole or cut into slabs.
#pragma once

#include <cmath>

#include <halograph/graph/slab/graph_slab.hpp>

namespace halograph::test {

inline constexpr std::int64_t sample_nodes = 37, sample_edges = 101, sample_cells = 11;

/// The rows [first, last) of the sample's nodes, edges and cells.
struct Cut {
  std::int64_t first_node = 0, last_node = sample_nodes;
  std::int64_t first_edge = 0, last_edge = sample_edges;
  std::int64_t first_cell = 0, last_cell = sample_cells;
};

/// Rank `rank` of `ranks`: uneven shares; with more than two ranks, rank 1 has no nodes and rank 0 no edges and cells.
inline Cut cut_for(int rank, int ranks) {
  const auto share = [&](std::int64_t total, int r, int empty) {
    if (ranks == 1) return total * r;
    std::int64_t weights = 0, before = 0;
    for (int i = 0; i < ranks; ++i) {
      const std::int64_t weight = ranks > 2 && i == empty ? 0 : 1 + i % 3;
      weights += weight;
      if (i < r) before += weight;
    }
    return total * before / weights;
  };
  return {share(sample_nodes, rank, 1),     share(sample_nodes, rank + 1, 1), share(sample_edges, rank, 0),
          share(sample_edges, rank + 1, 0), share(sample_cells, rank, 0),     share(sample_cells, rank + 1, 0)};
}

inline GraphSlab sample_graph(const Cut& cut = {}) {
  GraphSlab slab;
  slab.dimension = 3;
  slab.n_patches = 5;
  slab.period = {1.5, 0, 2};
  slab.edge_channels = 2;
  slab.times = {0, 0.1, 0.25};
  for (std::int64_t i = cut.first_node; i < cut.last_node; ++i) {
    slab.node_id.push_back((i * 17) % 1009 + (std::int64_t(1) << 40));
    for (int d = 0; d < 3; ++d) slab.position.push_back(std::sin(double(3 * i + d)));
    slab.patch.push_back(std::int32_t(i % 5));
    slab.weight.push_back(i % 7);
  }
  for (std::int64_t i = cut.first_edge; i < cut.last_edge; ++i) {
    slab.edge_source.push_back(((i * 5 % sample_nodes) * 17) % 1009 + (std::int64_t(1) << 40));
    slab.edge_target.push_back(((i * 3 % sample_nodes) * 17) % 1009 + (std::int64_t(1) << 40));
    slab.edge_id.push_back(1000 - i);
    slab.edge_feature.push_back(double(i) / 3);
    slab.edge_feature.push_back(-0.0);
  }
  if (cut.last_cell > cut.first_cell) slab.cell_offset.push_back(0);
  for (std::int64_t i = cut.first_cell; i < cut.last_cell; ++i) {
    const std::int64_t corners = i % 2 ? 4 : 3;
    slab.cell_type.push_back(i % 2 ? 9 : 5);
    for (std::int64_t c = 0; c < corners; ++c) slab.cell_node.push_back((((i + c) % sample_nodes) * 17) % 1009);
    slab.cell_offset.push_back(std::int64_t(slab.cell_node.size()));
  }
  SlabField velocity{"velocity", 3, 3, {}}, wall{"wall distance", 1, 1, {}};
  for (int t = 0; t < 3; ++t)
    for (std::int64_t i = cut.first_node; i < cut.last_node; ++i)
      for (int c = 0; c < 3; ++c) velocity.values.push_back(std::cos(double(100 * t + 3 * i + c)));
  for (std::int64_t i = cut.first_node; i < cut.last_node; ++i) wall.values.push_back(1.0 / double(1 + i));
  slab.fields = {velocity, wall};
  return slab;
}

/// The description's columns, for exact comparison; a NaN would compare unequal, but a file has none.
inline bool operator==(const SlabField& a, const SlabField& b) {
  return a.name == b.name && a.channels == b.channels && a.frames == b.frames && a.values == b.values;
}

inline void expect_equal(const GraphSlab& a, const GraphSlab& b) {
  EXPECT_EQ(a.dimension, b.dimension);
  EXPECT_EQ(a.node_id, b.node_id);
  EXPECT_EQ(a.position, b.position);
  EXPECT_EQ(a.patch, b.patch);
  EXPECT_EQ(a.n_patches, b.n_patches);
  EXPECT_EQ(a.weight, b.weight);
  EXPECT_EQ(a.edge_source, b.edge_source);
  EXPECT_EQ(a.edge_target, b.edge_target);
  EXPECT_EQ(a.edge_id, b.edge_id);
  EXPECT_EQ(a.edge_channels, b.edge_channels);
  EXPECT_EQ(a.edge_feature, b.edge_feature);
  EXPECT_EQ(a.period, b.period);
  EXPECT_EQ(a.cell_type, b.cell_type);
  EXPECT_EQ(a.cell_offset, b.cell_offset);
  EXPECT_EQ(a.cell_node, b.cell_node);
  EXPECT_EQ(a.times, b.times);
  ASSERT_EQ(a.fields.size(), b.fields.size());
  for (std::size_t i = 0; i < a.fields.size(); ++i) EXPECT_TRUE(a.fields[i] == b.fields[i]) << a.fields[i].name;
}

}  // namespace halograph::test
