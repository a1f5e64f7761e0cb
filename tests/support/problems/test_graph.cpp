// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/test_graph.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "tests/support/problems/naive_order.hpp"

namespace halograph::testing {
namespace {

struct Node {
  std::int64_t id;
  std::int32_t patch;
};
struct Edge {
  std::int64_t source, target, id;  // source and target: numbers in the list of nodes
};

std::vector<Node> list_nodes(const GraphSize& size, std::uint64_t renumber = 0) {
  std::vector<Node> nodes;
  const std::int64_t factor = renumber == 0 ? 7919 : 6007, first = std::int64_t(renumber);
  for (std::int64_t i = 0; i < size.nodes; ++i) {
    const std::int64_t patch = std::int64_t(mix(std::uint64_t(i) + (renumber << 32)) % std::uint64_t(size.patches));
    nodes.push_back({(first + i * factor) % 100003, std::int32_t(size.patches > 3 && patch == 2 ? 0 : patch)});
  }
  return nodes;
}

std::vector<Edge> list_edges(const GraphSize& size) {
  std::vector<Edge> edges;
  for (std::int64_t e = 0; e < size.edges; ++e) {
    const std::uint64_t bits = mix(std::uint64_t(1000000 + e));
    Edge edge{std::int64_t(bits % std::uint64_t(size.nodes)), std::int64_t((bits >> 20) % std::uint64_t(size.nodes)),
              3 * e + 1};
    if (e % 17 == 16) edge.source = edges[std::size_t(e - 1)].source, edge.target = edges[std::size_t(e - 1)].target;
    if (e % 23 == 22) edge.source = edge.target;
    if (edge.target % 11 == 10) edge.target = 0;  // some nodes without in-edges
    edges.push_back(edge);
  }
  return edges;
}

}  // namespace

std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

Graph make_graph(const Communicator& comm, const GraphSize& size, Device device) {
  return distribute_graph(comm, size, device).graph;
}

DistributedGraph distribute_graph(const Communicator& comm, const GraphSize& size, Device device,
                                  std::uint64_t renumber) {
  const std::vector<Node> nodes = list_nodes(size, renumber);
  GraphSlab slab;
  slab.n_patches = size.patches;
  for (std::size_t i = std::size_t(comm.rank()); i < nodes.size(); i += std::size_t(comm.size())) {
    slab.node_id.push_back(nodes[i].id);
    slab.patch.push_back(nodes[i].patch);
  }
  const std::vector<Edge> edges = list_edges(size);
  for (std::size_t e = std::size_t(comm.rank()); e < edges.size(); e += std::size_t(comm.size())) {
    slab.edge_source.push_back(nodes[std::size_t(edges[e].source)].id);
    slab.edge_target.push_back(nodes[std::size_t(edges[e].target)].id);
    slab.edge_id.push_back(renumber == 0 ? edges[e].id : 3 * std::int64_t(edges.size()) - edges[e].id);
  }
  return distribute(comm, slab, device);
}

Topology topology(const GraphSize& size) {
  const std::vector<Node> nodes = list_nodes(size);
  std::vector<Edge> edges = list_edges(size);
  std::vector<std::pair<std::int64_t, std::int64_t>> joined;
  for (const Edge& e : edges) joined.emplace_back(nodes[std::size_t(e.source)].id, nodes[std::size_t(e.target)].id);
  std::map<std::int64_t, std::int32_t> patch;
  for (const Node& node : nodes) patch.emplace(node.id, node.patch);
  std::map<std::int64_t, std::int64_t> row_of_id;
  for (std::int32_t p = 0; p < size.patches; ++p)
    for (const std::int64_t id : naive_order(p, patch, joined)) row_of_id.emplace(id, row_of_id.size());
  std::vector<std::int64_t> row;
  for (const Node& node : nodes) row.push_back(row_of_id.at(node.id));

  const auto key = [&](const Edge& e) {
    return std::tuple(row[std::size_t(e.target)], nodes[std::size_t(e.source)].id, e.id);
  };
  std::sort(edges.begin(), edges.end(), [&](const Edge& a, const Edge& b) { return key(a) < key(b); });

  const auto crosses = [&](const Edge& e) {
    return nodes[std::size_t(e.target)].patch != nodes[std::size_t(e.source)].patch;
  };
  Topology result;
  result.nodes = size.nodes;
  std::map<std::pair<std::int32_t, std::int64_t>, std::int64_t> number;  // of the ghost (patch, source)
  const auto ghost_of = [&](const Edge& e) -> std::int64_t {
    const auto [at, is_new] = number.emplace(std::pair(nodes[std::size_t(e.target)].patch, e.source), result.ghosts());
    if (is_new) result.ghost_node.push_back(row[std::size_t(e.source)]);
    return at->second;
  };
  for (const Edge& e : edges) {
    result.target.push_back(row[std::size_t(e.target)]);
    result.source.push_back(row[std::size_t(e.source)]);
    result.ghost.push_back(crosses(e) ? ghost_of(e) : -1);
  }
  return result;
}

}  // namespace halograph::testing
