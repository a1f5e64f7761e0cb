// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/whole_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "tests/support/problems/naive_order.hpp"

namespace halograph::testing {
namespace {

/// The blocks are runs of whole rows, at most 192 edges unless one row has more, and hold the edges
/// of the rows of their kind once each.
void expect_blocks(const std::vector<std::int32_t>& blocks, const NaiveTopology& naive, bool boundary) {
  std::set<std::int32_t> seen;
  for (std::size_t b = 0; b + 1 < blocks.size(); b += 2) {
    ASSERT_LT(blocks[b], blocks[b + 1]);
    EXPECT_TRUE(std::count(naive.edge_offset.begin(), naive.edge_offset.end(), blocks[b]));
    EXPECT_TRUE(std::count(naive.edge_offset.begin(), naive.edge_offset.end(), blocks[b + 1]));
    const bool one_row = naive.target_row[std::size_t(blocks[b])] == naive.target_row[std::size_t(blocks[b + 1] - 1)];
    EXPECT_TRUE(one_row || blocks[b + 1] - blocks[b] <= 192);
    for (std::int32_t e = blocks[b]; e < blocks[b + 1]; ++e) EXPECT_TRUE(seen.insert(e).second);
  }
  std::set<std::int32_t> expected;
  for (std::size_t e = 0; e < naive.target_row.size(); ++e)
    if (naive.waits[std::size_t(naive.target_row[e])] == boundary) expected.insert(std::int32_t(e));
  EXPECT_EQ(seen, expected);
}

}  // namespace

WholeGraph random_graph(std::uint64_t seed, std::int64_t n_nodes, std::int64_t n_edges, std::int64_t n_patches) {
  std::mt19937_64 random(seed);
  WholeGraph whole;
  whole.n_patches = n_patches;
  while (std::int64_t(whole.patch.size()) < n_nodes) {
    // Half of the ids in one run, half anywhere below 2^40; every third patch stays empty.
    const std::int64_t id = std::int64_t(random() % 2 ? random() % (std::uint64_t(1) << 40) : whole.patch.size());
    std::int64_t patch = std::int64_t(random() % std::uint64_t(n_patches));
    if (patch % 3 == 2) --patch;
    whole.patch.emplace(id, std::int32_t(patch));
  }
  std::vector<std::int64_t> ids;
  for (const auto& [id, patch] : whole.patch)
    if (random() % 5 != 0) ids.push_back(id);  // the others stay isolated
  for (std::int64_t e = 0; e < n_edges && !ids.empty(); ++e) {
    const std::int64_t source = ids[random() % ids.size()];
    const std::int64_t target = random() % 10 == 0 ? source : ids[random() % ids.size()];
    const std::int64_t id = 7 * ((e * 7919) % 1000003);
    if (e > 0 && random() % 8 == 0) whole.edges.push_back({whole.edges.back().source, whole.edges.back().target, id});
    else whole.edges.push_back({source, target, id});
  }
  return whole;
}

GraphSlab slab_of(const WholeGraph& whole, int rank, int ranks, std::uint64_t seed) {
  std::mt19937_64 random(seed), shuffle(seed + std::uint64_t(rank));
  GraphSlab slab;
  slab.n_patches = whole.n_patches;
  std::vector<std::pair<std::int64_t, std::int32_t>> nodes;
  for (const auto& node : whole.patch)
    if (int(random() % std::uint64_t(ranks)) == rank) nodes.push_back(node);
  std::shuffle(nodes.begin(), nodes.end(), shuffle);
  for (const auto& [id, patch] : nodes) {
    slab.node_id.push_back(id);
    slab.patch.push_back(patch);
  }
  std::vector<WholeEdge> edges;
  for (const WholeEdge& edge : whole.edges)
    if (int(random() % std::uint64_t(ranks)) == rank) edges.push_back(edge);
  std::shuffle(edges.begin(), edges.end(), shuffle);
  for (const WholeEdge& edge : edges) {
    slab.edge_source.push_back(edge.source);
    slab.edge_target.push_back(edge.target);
    slab.edge_id.push_back(edge.id);
  }
  return slab;
}

WholeGraph coalesced(const WholeGraph& whole) {
  WholeGraph result{whole.patch, whole.n_patches, {}};
  std::set<std::pair<std::int64_t, std::int64_t>> seen;
  for (const WholeEdge& edge : whole.edges)
    if (edge.source != edge.target && seen.emplace(edge.source, edge.target).second) result.edges.push_back(edge);
  return result;
}

NaiveTopology naive_topology(const WholeGraph& whole, std::int64_t begin, std::int64_t end) {
  return naive_topology(whole, begin, end, whole);
}

NaiveTopology naive_topology(const WholeGraph& whole, std::int64_t begin, std::int64_t end, const WholeGraph& rows) {
  std::map<std::int64_t, std::vector<WholeEdge>> in_edges;
  for (const WholeEdge& edge : whole.edges) in_edges[edge.target].push_back(edge);
  std::vector<std::pair<std::int64_t, std::int64_t>> joined;
  for (const WholeEdge& edge : rows.edges) joined.emplace_back(edge.source, edge.target);
  NaiveTopology t;
  std::map<std::int64_t, std::int32_t> row;
  for (std::int64_t p = begin; p < end; ++p) {
    t.node_offset.push_back(std::int64_t(t.node_id.size()));
    for (const std::int64_t id : naive_order(std::int32_t(p), whole.patch, joined)) {
      row[id] = std::int32_t(t.node_id.size());
      t.node_id.push_back(id);
    }
  }
  t.node_offset.push_back(std::int64_t(t.node_id.size()));
  for (std::int64_t p = begin; p < end; ++p) {
    std::map<std::int64_t, std::int32_t> ghost;
    t.ghost_offset.push_back(std::int64_t(t.ghost_id.size()));
    t.edge_patch_offset.push_back(std::int64_t(t.edge_id.size()));
    for (std::int64_t r = t.node_offset[std::size_t(p - begin)]; r < t.node_offset[std::size_t(p - begin + 1)]; ++r) {
      auto edges = in_edges[t.node_id[std::size_t(r)]];
      std::sort(edges.begin(), edges.end(), [](const WholeEdge& a, const WholeEdge& b) {
        return std::tie(a.source, a.id) < std::tie(b.source, b.id);
      });
      t.edge_offset.push_back(std::int32_t(t.edge_id.size()));
      t.waits.push_back(false);
      for (const WholeEdge& edge : edges) {
        const std::int64_t source_patch = whole.patch.at(edge.source);
        if (source_patch != p && ghost.emplace(edge.source, t.node_id.size() + t.ghost_id.size()).second)
          t.ghost_id.push_back(edge.source);
        t.edge_id.push_back(edge.id);
        t.target_row.push_back(std::int32_t(r));
        t.source_row.push_back(source_patch == p ? row.at(edge.source) : ghost.at(edge.source));
        if (source_patch < begin || source_patch >= end) t.waits.back() = true;
      }
    }
  }
  t.edge_offset.push_back(std::int32_t(t.edge_id.size()));
  t.edge_patch_offset.push_back(std::int64_t(t.edge_id.size()));
  t.ghost_offset.push_back(std::int64_t(t.ghost_id.size()));
  for (std::size_t r = 0; r < t.node_id.size() + t.ghost_id.size(); ++r) {
    t.out_offset.push_back(std::int32_t(t.out_edge.size()));
    for (std::size_t e = 0; e < t.source_row.size(); ++e)
      if (std::size_t(t.source_row[e]) == r) t.out_edge.push_back(std::int32_t(e));
  }
  t.out_offset.push_back(std::int32_t(t.out_edge.size()));
  return t;
}

void expect_topology(const Graph& graph, const WholeGraph& whole) { expect_topology(graph, whole, whole); }

void expect_topology(const Graph& graph, const WholeGraph& whole, const WholeGraph& rows) {
  const auto& first_patch = graph.nodes()->tree()->first_patch();
  ASSERT_EQ(first_patch.back(), whole.n_patches);
  const std::size_t rank = std::size_t(graph.comm().rank());
  const NaiveTopology naive = naive_topology(whole, first_patch[rank], first_patch[rank + 1], rows);
  EXPECT_EQ(graph.nodes()->global_rows(), std::int64_t(whole.patch.size()));
  EXPECT_EQ(graph.edges()->global_rows(), std::int64_t(whole.edges.size()));
  EXPECT_EQ(graph.node_id(), naive.node_id);
  EXPECT_EQ(graph.ghost_id(), naive.ghost_id);
  EXPECT_EQ(graph.nodes()->offset(), naive.node_offset);
  EXPECT_EQ(graph.edges()->offset(), naive.edge_patch_offset);
  EXPECT_EQ(graph.ghosts()->offset(), naive.ghost_offset);
  EXPECT_EQ(graph.edge_offset().to_vector(), naive.edge_offset);
  EXPECT_EQ(graph.target_row().to_vector(), naive.target_row);
  EXPECT_EQ(graph.source_row().to_vector(), naive.source_row);
  EXPECT_EQ(graph.out_offset().to_vector(), naive.out_offset);
  EXPECT_EQ(graph.out_edge().to_vector(), naive.out_edge);
  expect_blocks(graph.interior_blocks().to_vector(), naive, false);
  expect_blocks(graph.boundary_blocks().to_vector(), naive, true);
}

double noise(std::int64_t a, std::int64_t b, std::int64_t c) {
  std::seed_seq seed{a, a >> 32, b, b >> 32, c};
  std::mt19937_64 random(seed);
  return double(random() >> 11) * 0x1p-53;
}

std::vector<double> noise_rows(const std::vector<std::int64_t>& id, std::int64_t cols) {
  std::vector<double> values;
  for (const std::int64_t i : id)
    for (std::int64_t c = 0; c < cols; ++c) values.push_back(noise(i, c));
  return values;
}

}  // namespace halograph::testing
