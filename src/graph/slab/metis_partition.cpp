// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/slab/partition.hpp>

#include <fcntl.h>
#include <metis.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include <halograph/mpi/sparse_exchange.hpp>

#include "core/sort_unique.hpp"
#include "graph/slab/slab_checks.hpp"
#include "mpi/waiting.hpp"

namespace halograph {
namespace {

static_assert(sizeof(idx_t) == 4, "METIS with 32-bit integers is expected");

using Pair = std::array<std::int64_t, 2>;

// The undirected edges of the slab, lower end first, without self-loops.
std::vector<Pair> undirected_edges(const GraphSlab& slab) {
  std::vector<Pair> pairs;
  pairs.reserve(slab.edge_source.size());
  for (std::size_t e = 0; e < slab.edge_source.size(); ++e)
    if (slab.edge_source[e] != slab.edge_target[e])
      pairs.push_back(
          {std::min(slab.edge_source[e], slab.edge_target[e]), std::max(slab.edge_source[e], slab.edge_target[e])});
  sort_unique(pairs);
  return pairs;
}

// The nodes in the order of their ids: the one order that no distribution can change.
struct SortedNodes {
  std::vector<std::int64_t> id;
  std::vector<std::int32_t> from;  // position in the gathered order

  explicit SortedNodes(const std::vector<std::int64_t>& gathered) : from(gathered.size()) {
    std::iota(from.begin(), from.end(), 0);
    std::sort(from.begin(), from.end(),
              [&](std::int32_t a, std::int32_t b) { return gathered[std::size_t(a)] < gathered[std::size_t(b)]; });
    for (std::int32_t i : from) id.push_back(gathered[std::size_t(i)]);
    const auto twice = std::adjacent_find(id.begin(), id.end());
    require(twice == id.end(), "metis: node id ", twice == id.end() ? 0 : *twice, " occurs twice");
  }

  idx_t index_of(std::int64_t wanted) const {
    const auto found = std::lower_bound(id.begin(), id.end(), wanted);
    require(found != id.end() && *found == wanted, "metis: an edge joins node ", wanted, ", which no slab holds");
    return idx_t(found - id.begin());
  }
};

struct Adjacency {
  std::vector<idx_t> offset, neighbour;
};

Adjacency adjacency(const SortedNodes& nodes, std::vector<Pair> pairs, std::int64_t max_edges) {
  sort_unique(pairs);
  require(2 * std::int64_t(pairs.size()) <= max_edges, "metis: ", pairs.size(), " edges are ", 2 * pairs.size(),
          " both ways, more than ", max_edges, "; use coordinate_bisection");
  Adjacency graph;
  graph.offset.assign(nodes.id.size() + 2, 0);
  for (Pair& pair : pairs) {
    pair = {nodes.index_of(pair[0]), nodes.index_of(pair[1])};
    ++graph.offset[std::size_t(pair[0]) + 2];
    ++graph.offset[std::size_t(pair[1]) + 2];
  }
  std::partial_sum(graph.offset.begin(), graph.offset.end(), graph.offset.begin());
  graph.neighbour.resize(2 * pairs.size());
  // Pairs are sorted by (lower, upper): all lower neighbours of a node come before its upper ones, each ascending.
  for (const auto& [lower, upper] : pairs)
    graph.neighbour[std::size_t(graph.offset[std::size_t(upper) + 1]++)] = idx_t(lower);
  for (const auto& [lower, upper] : pairs)
    graph.neighbour[std::size_t(graph.offset[std::size_t(lower) + 1]++)] = idx_t(upper);
  graph.offset.pop_back();
  return graph;
}

// METIS sums weights in 32 bits: larger ones are divided until they fit.
std::vector<idx_t> small_weights(const SortedNodes& nodes, const std::vector<std::int64_t>& gathered) {
  std::int64_t total = std::accumulate(gathered.begin(), gathered.end(), std::int64_t(0));
  std::vector<idx_t> weight;
  if (total == 0) return weight;
  constexpr std::int64_t room = std::int64_t(1) << 30;
  const std::int64_t divisor = total / room + 1;
  for (std::int32_t i : nodes.from) {
    const std::int64_t full = gathered[std::size_t(i)];
    weight.push_back(idx_t(full == 0 ? 0 : std::max(full / divisor, std::int64_t(1))));
  }
  return weight;
}

// METIS prints on standard output when it has to divide nothing among several parts, whatever it is told.
class QuietOutput {
 public:
  QuietOutput() {
    std::fflush(stdout);
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere < 0) return;
    before_ = dup(STDOUT_FILENO);
    if (before_ >= 0) dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
  }
  ~QuietOutput() {
    std::fflush(stdout);
    if (before_ < 0) return;
    dup2(before_, STDOUT_FILENO);
    close(before_);
  }
  QuietOutput(const QuietOutput&) = delete;
  QuietOutput& operator=(const QuietOutput&) = delete;

 private:
  int before_ = -1;
};

// The nodes that weigh more than a patch should when the heavier ones have patches of their own, ascending.
std::vector<idx_t> heavy_nodes(const std::vector<idx_t>& weight, std::int64_t patches) {
  std::vector<idx_t> order(weight.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](idx_t a, idx_t b) { return weight[std::size_t(a)] > weight[std::size_t(b)]; });
  std::int64_t rest = std::accumulate(weight.begin(), weight.end(), std::int64_t(0));
  std::size_t heavy = 0;
  for (; heavy < order.size() && patches > 1 && weight[std::size_t(order[heavy])] * patches > rest; ++heavy, --patches)
    rest -= weight[std::size_t(order[heavy])];
  order.resize(heavy);
  std::sort(order.begin(), order.end());
  return order;
}

std::vector<idx_t> cut(Adjacency& graph, std::vector<idx_t> weight, idx_t patches, const MetisOptions& options) {
  idx_t n = idx_t(graph.offset.size()) - 1, constraints = 1, cut_edges = 0;
  std::vector<idx_t> patch(static_cast<std::size_t>(n), 0);
  // METIS numbers a single part 1, and leaves gaps or fails with fewer nodes than parts.
  if (patches == 1) return patch;
  if (n <= patches) {
    std::iota(patch.begin(), patch.end(), 0);
    return patch;
  }
  idx_t settings[METIS_NOPTIONS];
  METIS_SetDefaultOptions(settings);
  settings[METIS_OPTION_SEED] = options.seed;
  settings[METIS_OPTION_NCUTS] = options.trials;
  // Only where parts may become empty: until then the output belongs to everybody.
  std::optional<QuietOutput> quiet;
  constexpr std::int64_t few_nodes = 8;
  if (n < few_nodes * patches || !heavy_nodes(weight, patches).empty()) quiet.emplace();
  const int code = METIS_PartGraphRecursive(&n, &constraints, graph.offset.data(), graph.neighbour.data(),
                                            weight.empty() ? nullptr : weight.data(), nullptr, nullptr, &patches,
                                            nullptr, nullptr, settings, &cut_edges, patch.data());
  require<Error>(code == METIS_OK, "metis: METIS_PartGraphRecursive failed with code ", code, " for ", n, " nodes and ",
                 patches, " patches");
  return patch;
}

bool leaves_gaps(const std::vector<idx_t>& patch, idx_t patches) {
  std::vector<char> used(std::size_t(patches), 0);
  for (const idx_t p : patch) used[std::size_t(p)] = 1;
  return std::find(used.begin(), used.end(), 0) != used.end();
}

// The graph and the weights of the nodes that `kept` names, ascending.
std::pair<Adjacency, std::vector<idx_t>> restricted(const Adjacency& graph, const std::vector<idx_t>& weight,
                                                    const std::vector<idx_t>& kept) {
  std::vector<idx_t> index(weight.size(), -1);
  for (std::size_t i = 0; i < kept.size(); ++i) index[std::size_t(kept[i])] = idx_t(i);
  Adjacency rest{{0}, {}};
  std::vector<idx_t> weights;
  for (const idx_t node : kept) {
    for (idx_t k = graph.offset[std::size_t(node)]; k < graph.offset[std::size_t(node) + 1]; ++k)
      if (const idx_t other = index[std::size_t(graph.neighbour[std::size_t(k)])]; other >= 0)
        rest.neighbour.push_back(other);
    rest.offset.push_back(idx_t(rest.neighbour.size()));
    weights.push_back(weight[std::size_t(node)]);
  }
  if (std::all_of(weights.begin(), weights.end(), [](idx_t w) { return w == 0; })) weights.clear();
  return {std::move(rest), std::move(weights)};
}

std::vector<idx_t> divide(Adjacency& graph, const std::vector<idx_t>& weight, idx_t patches,
                          const MetisOptions& options) {
  std::vector<idx_t> patch = cut(graph, weight, patches, options);
  const idx_t n = idx_t(patch.size());
  if (weight.empty() || n <= patches || !leaves_gaps(patch, patches)) return patch;
  const std::vector<idx_t> heavy = heavy_nodes(weight, patches);
  if (heavy.empty()) return patch;
  std::vector<idx_t> light(patch.size());
  std::iota(light.begin(), light.end(), 0);
  std::erase_if(light, [&](idx_t node) { return std::binary_search(heavy.begin(), heavy.end(), node); });
  auto [rest, rest_weight] = restricted(graph, weight, light);
  const idx_t rest_patches = patches - idx_t(heavy.size());
  const std::vector<idx_t> rest_patch = cut(rest, std::move(rest_weight), rest_patches, options);
  for (std::size_t i = 0; i < light.size(); ++i) patch[std::size_t(light[i])] = rest_patch[i];
  for (std::size_t i = 0; i < heavy.size(); ++i) patch[std::size_t(heavy[i])] = rest_patches + idx_t(i);
  return patch;
}

std::vector<std::int32_t> metis_patches(const Communicator& comm, const GraphSlab& slab, const MetisOptions& options) {
  const SlabFacts facts = check_slab(comm, slab, "metis");
  const idx_t patches = idx_t(checked_patches(options.patches, facts.n_nodes, "metis"));
  require(options.trials >= 1, "metis: ", options.trials, " trials, at least 1 is needed");
  const std::int64_t n_edges = comm.sum(std::int64_t(slab.edge_source.size()));
  constexpr std::int64_t idx_max = std::numeric_limits<idx_t>::max();
  require(n_edges <= std::min(options.max_edges, idx_max) && facts.n_nodes < idx_max, "metis: ", facts.n_nodes,
          " nodes and ", n_edges, " edges are too many for one rank (at most ", idx_max - 1, " nodes and ",
          std::min(options.max_edges, idx_max), " edges); use coordinate_bisection");

  const std::vector<std::int64_t> counts = comm.all_gather(std::int64_t(slab.node_id.size()));
  const std::vector<std::int64_t> ids = comm.gather_v(std::span<const std::int64_t>(slab.node_id), 0);
  const std::vector<std::int64_t> weights = comm.gather_v(std::span<const std::int64_t>(slab.weight), 0);
  std::vector<Pair> pairs = undirected_edges(slab);
  pairs = comm.gather_v(std::span<const Pair>(pairs), 0);
  std::vector<std::int32_t> gathered_patch(ids.size());
  const LongWork long_work;
  on_root<UsageError>(comm, "metis", [&] {
    const SortedNodes nodes(ids);
    Adjacency graph = adjacency(nodes, std::move(pairs), std::min(options.max_edges, idx_max));
    const std::vector<idx_t> patch = divide(graph, small_weights(nodes, weights), patches, options);
    for (std::size_t i = 0; i < patch.size(); ++i) gathered_patch[std::size_t(nodes.from[i])] = patch[i];
  });

  std::vector<std::pair<int, std::vector<std::int32_t>>> pieces;
  auto at = gathered_patch.begin();
  for (int rank = 0; comm.rank() == 0 && rank < comm.size(); ++rank) {
    const auto next = at + counts[std::size_t(rank)];
    pieces.emplace_back(rank, std::vector<std::int32_t>(at, next));
    at = next;
  }
  return sparse_exchange(comm, pieces).front().second;
}

}  // namespace

Partitioner metis(MetisOptions options) {
  return [options](const Communicator& comm, const GraphSlab& slab) { return metis_patches(comm, slab, options); };
}

}  // namespace halograph
