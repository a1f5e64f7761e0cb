// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/symmetrise.hpp>

#include <algorithm>
#include <numeric>
#include <tuple>

#include <halograph/graph/rewire/edge_list.hpp>

#include "graph/dist/row_patch.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

/// An edge that goes to the owner of its target.
struct Reverse {
  std::int64_t target, source;
  std::int32_t source_patch;
};

/// Edges with repetitions, and their attributes row by row.
struct Gathered {
  EdgeList list;
  std::vector<double> attributes;
};

void append(Gathered& all, std::int32_t target_row, std::int64_t source, std::int32_t source_patch) {
  all.list.target_row.push_back(target_row);
  all.list.source_id.push_back(source);
  all.list.source_patch.push_back(source_patch);
  all.list.edge_id.push_back(std::int64_t(all.list.edge_id.size()));
}

/// The given edges, then the reverses that belong here. Repeated reverses all come from one rank, in the order in which
/// it has them, so that their order here does not depend on who owns what.
Gathered with_reverses(const Graph& graph, const std::vector<double>& attributes, std::int64_t channels) {
  Gathered all{edge_list(graph), attributes};
  const Communicator& comm = graph.comm();
  const EdgeList given = all.list;
  const std::vector<std::int32_t> patch = patch_of_rows(*graph.nodes());
  const std::vector<std::int64_t>& first_patch = graph.nodes()->tree()->first_patch();
  const Routes routes = group_by_rank(graph.n_edges(), comm.size(), [&](std::int64_t e) {
    return owner_of(first_patch, given.source_patch[std::size_t(e)]);
  });
  const auto arrivals = deliver<Reverse>(comm, routes, [&](std::int32_t e) {
    const std::size_t target = std::size_t(given.target_row[std::size_t(e)]);
    return Reverse{given.source_id[std::size_t(e)], graph.node_id()[target], patch[target]};
  });
  std::vector<std::pair<int, std::vector<double>>> outgoing;
  for (const auto& [rank, edges] : routes) {
    std::vector<double>& values = outgoing.emplace_back(rank, std::vector<double>()).second;
    for (const std::int32_t e : edges)
      values.insert(values.end(), attributes.begin() + e * channels, attributes.begin() + (e + 1) * channels);
  }
  const auto values = channels > 0 ? sparse_exchange(comm, outgoing) : Arrivals<double>();
  IdMap row(graph.node_id().size());
  for (std::size_t r = 0; r < graph.node_id().size(); ++r) row.insert(graph.node_id()[r], std::int32_t(r));
  for (const auto& [source, edges] : arrivals)
    for (const Reverse& edge : edges) append(all, row.find(edge.target, -1), edge.source, edge.source_patch);
  for (const auto& [source, list] : values) all.attributes.insert(all.attributes.end(), list.begin(), list.end());
  return all;
}

}  // namespace

Symmetrised symmetrise(const Graph& graph, const std::vector<double>& attributes, std::int64_t channels) {
  require_all<UsageError>(graph.comm(), channels >= 0 && std::int64_t(attributes.size()) == graph.n_edges() * channels,
                          "symmetrise: ", attributes.size(), " attributes for ", graph.n_edges(), " edges with ",
                          channels, " channels");
  const std::int64_t least = graph.comm().min(channels), most = graph.comm().max(channels);
  require(least == most, "symmetrise: the ranks name between ", least, " and ", most, " channels");

  const Gathered all = with_reverses(graph, attributes, channels);
  std::vector<std::size_t> order(all.list.edge_id.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  const auto ends = [&list = all.list](std::size_t e) { return std::tuple(list.target_row[e], list.source_id[e]); };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ends(a) < ends(b); });
  Gathered merged;  // in the order of edges of the result
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double* values = all.attributes.data() + std::int64_t(order[i]) * channels;
    if (i > 0 && ends(order[i]) == ends(order[i - 1])) {
      for (std::int64_t c = 0; c < channels; ++c)
        merged.attributes[merged.attributes.size() - std::size_t(channels - c)] += values[c];
      continue;
    }
    append(merged, all.list.target_row[order[i]], all.list.source_id[order[i]], all.list.source_patch[order[i]]);
    merged.attributes.insert(merged.attributes.end(), values, values + channels);
  }
  return {with_edges(graph, merged.list).graph, channels, std::move(merged.attributes)};
}

}  // namespace halograph
