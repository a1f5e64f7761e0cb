// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/costs/graph_facts.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "graph/costs/components.hpp"
#include "graph/costs/places.hpp"
#include "graph/routing/routing.hpp"
#include "graph/slab/slab_checks.hpp"

namespace halograph {
namespace {

constexpr std::int64_t no_node = std::numeric_limits<std::int64_t>::max();
constexpr double tolerance_of_shortest_edge = 0.01;

using Point = std::array<double, 3>;

/// Counts components and isolated nodes by the label of each own node.
void count_components(const Communicator& comm, std::vector<std::int64_t> label, GraphFacts& facts) {
  using Size = std::array<std::int64_t, 2>;  // label, nodes
  std::sort(label.begin(), label.end());
  std::vector<Size> sizes;
  const auto add = [&sizes](std::int64_t of, std::int64_t nodes) {
    if (sizes.empty() || sizes.back()[0] != of) sizes.push_back({of, 0});
    sizes.back()[1] += nodes;
  };
  for (const std::int64_t one : label) add(one, 1);
  const Routes routes = group_by_rank(std::int64_t(sizes.size()), comm.size(),
                                      [&](auto i) { return home_of(sizes[std::size_t(i)][0], comm.size()); });
  std::vector<Size> here;
  for (const auto& [source, list] : deliver<Size>(comm, routes, [&](auto i) { return sizes[std::size_t(i)]; }))
    here.insert(here.end(), list.begin(), list.end());
  std::sort(here.begin(), here.end());
  sizes.clear();
  for (const auto& [of, nodes] : here) add(of, nodes);
  std::int64_t largest = 0, isolated = 0, first = no_node;
  for (const auto& [of, nodes] : sizes) {
    largest = std::max(largest, nodes);
    isolated += nodes == 1;
    if (nodes == 1) first = std::min(first, of);
  }
  facts.components = comm.sum(std::int64_t(sizes.size()));
  facts.largest_component = comm.max(largest);
  facts.isolated = comm.sum(isolated);
  first = comm.min(first);
  facts.first_isolated = first == no_node ? -1 : first;
}

/// Counts loops, repeated edges and edges of one direction: all edges between two nodes meet at the home of the lower
/// one.
void count_edges(const Communicator& comm, const GraphSlab& slab, GraphFacts& facts) {
  using Edge = std::array<std::int64_t, 2>;
  const auto lower = [](const Edge& edge) { return std::min(edge[0], edge[1]); };
  std::vector<Edge> edges;
  edges.reserve(slab.edge_source.size());
  for (std::size_t e = 0; e < slab.edge_source.size(); ++e) edges.push_back({slab.edge_source[e], slab.edge_target[e]});
  if (comm.size() > 1) {
    const Routes routes = group_by_rank(std::int64_t(edges.size()), comm.size(),
                                        [&](auto e) { return home_of(lower(edges[std::size_t(e)]), comm.size()); });
    std::vector<Edge> here;
    for (const auto& [source, list] : deliver<Edge>(comm, routes, [&](auto e) { return edges[std::size_t(e)]; }))
      here.insert(here.end(), list.begin(), list.end());
    edges = std::move(here);
  }
  const auto ends = [&](const Edge& edge) { return std::pair(lower(edge), std::max(edge[0], edge[1])); };
  std::sort(edges.begin(), edges.end(),
            [&](const Edge& a, const Edge& b) { return std::tuple(ends(a), a[0]) < std::tuple(ends(b), b[0]); });
  std::array<std::int64_t, 3> counts{};  // loops, repeated, one way
  for (std::size_t begin = 0, end = 0; begin < edges.size(); begin = end) {
    const auto [a, b] = ends(edges[begin]);
    std::int64_t upward = 0, downward = 0;
    for (; end < edges.size() && ends(edges[end]) == std::pair(a, b); ++end) ++(edges[end][0] == a ? upward : downward);
    counts[1] += std::max(upward - 1, std::int64_t(0)) + std::max(downward - 1, std::int64_t(0));
    if (a == b) counts[0] += upward;
    else counts[2] += (upward == 0) != (downward == 0);
  }
  const auto all = comm.sum(std::span<const std::int64_t>(counts));
  facts.self_loops = all[0];
  facts.repeated_edges = all[1];
  facts.one_way_edges = all[2];
}

/// The positions of all ends that this rank knows: of its own nodes, and of others from the home of their ids.
/// Collective.
std::vector<Point> positions_of(const Communicator& comm, const GraphSlab& slab, const LocalEnds& ends) {
  const std::size_t own = slab.node_id.size(), dimension = std::size_t(slab.dimension);
  std::vector<Point> position(ends.id.size(), Point{});
  for (std::size_t i = 0; i < own; ++i)
    for (std::size_t k = 0; k < dimension; ++k) position[i][k] = slab.position[i * dimension + k];
  if (comm.size() == 1) return position;

  struct Placed {
    std::int64_t id;
    Point at;
  };
  const auto home = [&](std::size_t i) { return home_of(ends.id[i], comm.size()); };
  const Routes placed = group_by_rank(std::int64_t(own), comm.size(), [&](auto i) { return home(std::size_t(i)); });
  IdMap index;
  std::vector<Point> known;
  for (const auto& [source, list] : deliver<Placed>(comm, placed, [&](auto i) {
         return Placed{ends.id[std::size_t(i)], position[std::size_t(i)]};
       }))
    for (const Placed& node : list) {
      index.insert(node.id, std::int32_t(known.size()));
      known.push_back(node.at);
    }
  const Routes asked = group_by_rank(std::int64_t(ends.id.size() - own), comm.size(),
                                     [&](auto i) { return home(own + std::size_t(i)); });
  const auto questions = deliver<std::int64_t>(comm, asked, [&](auto i) { return ends.id[own + std::size_t(i)]; });
  Arrivals<Point> answers;
  for (const auto& [source, list] : questions) {
    auto& replies = answers.emplace_back(source, std::vector<Point>()).second;
    for (const std::int64_t id : list) replies.push_back(known[std::size_t(index.find(id, 0))]);
  }
  answer(comm, asked, answers, [&](std::int32_t i, const Point& at) { position[own + std::size_t(i)] = at; });
  return position;
}

/// The length of the shortest edge between two places, infinite without any. The nearest images count.
double shortest_edge(const Communicator& comm, const GraphSlab& slab, const LocalEnds& ends) {
  const std::vector<Point> position = positions_of(comm, slab, ends);
  double shortest = std::numeric_limits<double>::infinity();
  for (std::size_t e = 0; e < ends.source.size(); ++e) {
    const Point &a = position[std::size_t(ends.source[e])], &b = position[std::size_t(ends.target[e])];
    double square = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      double step = std::abs(a[k] - b[k]);
      if (const double period = slab.period[k]; period > 0) step = std::abs(step - period * std::round(step / period));
      square += step * step;
    }
    if (square > 0) shortest = std::min(shortest, square);
  }
  return std::sqrt(comm.min(shortest));
}

std::string counted(std::int64_t n, const char* one, const char* several) {
  return cat(n, " ", n == 1 ? one : several);
}

}  // namespace

GraphFacts graph_facts(const Communicator& comm, const GraphSlab& slab) {
  const SlabFacts checked = check_slab(comm, slab, "graph_facts");
  GraphFacts facts;
  facts.nodes = checked.n_nodes;
  facts.edges = comm.sum(std::int64_t(slab.edge_source.size()));
  facts.has_positions = checked.dimension > 0;
  const LocalEnds ends = local_ends(comm, slab);
  std::vector<std::int64_t> label = component_labels(comm, ends, std::int64_t(slab.node_id.size()));
  label.resize(slab.node_id.size());
  count_components(comm, label, facts);
  count_edges(comm, slab, facts);
  if (!facts.has_positions) return facts;
  const double shortest = shortest_edge(comm, slab, ends);
  facts.tolerance = std::isfinite(shortest) ? tolerance_of_shortest_edge * shortest : 0;
  count_places(comm, slab, label, facts);
  return facts;
}

std::string describe(const GraphFacts& facts) {
  if (facts.nodes == 0) return "no nodes";
  std::string text = facts.components == 1 ? std::string("connected")
                                           : cat(facts.components, " parts that no edge connects, the largest of ",
                                                 counted(facts.largest_component, "node", "nodes"));
  const auto add = [&text](bool worth_it, const auto&... parts) {
    if (worth_it) text += cat("; ", parts...);
  };
  add(facts.isolated > 0 && facts.nodes > 1, counted(facts.isolated, "isolated node", "isolated nodes"));
  add(facts.has_positions && facts.coincident + facts.close == 0, "no two nodes in one place");
  add(facts.coincident > 0, counted(facts.coincident, "node lies", "nodes lie"), " exactly where another one is");
  add(facts.close > 0, counted(facts.close, "node lies", "nodes lie"), " closer than ", facts.tolerance,
      " to another one");
  add(facts.self_loops > 0, counted(facts.self_loops, "self-loop", "self-loops"));
  add(facts.repeated_edges > 0, counted(facts.repeated_edges, "repeated edge", "repeated edges"));
  add(facts.one_way_edges > 0, facts.one_way_edges == facts.edges
                                   ? std::string("all edges go one way")
                                   : cat(counted(facts.one_way_edges, "edge", "edges"), " without the opposite one"));
  return text;
}

}  // namespace halograph
