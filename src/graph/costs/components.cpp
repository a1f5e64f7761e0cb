// SPDX-License-Identifier: BSD-3-Clause
#include "graph/costs/components.hpp"
#include "core/sort_unique.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

using Pair = std::array<std::int64_t, 2>;

/// Sets of local nodes that edges join: a forest whose roots are the lowest indices.
class Forest {
 public:
  explicit Forest(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), 0); }

  std::int32_t root(std::int32_t i) {
    while (at(i) != i) i = at(i) = at(at(i));
    return i;
  }
  void join(std::int32_t i, std::int32_t j) {
    i = root(i);
    j = root(j);
    at(std::max(i, j)) = std::min(i, j);
  }

 private:
  std::int32_t& at(std::int32_t i) { return parent_[std::size_t(i)]; }
  std::vector<std::int32_t> parent_;
};

/// What the edges of one rank connect.
struct Pieces {
  std::vector<std::int32_t> of;      ///< the piece of each node
  std::vector<std::int64_t> lowest;  ///< the lowest node id of each piece
};

Pieces local_pieces(const LocalEnds& ends) {
  Forest forest(ends.id.size());
  for (std::size_t e = 0; e < ends.source.size(); ++e) forest.join(ends.source[e], ends.target[e]);
  Pieces pieces;
  pieces.of.resize(ends.id.size());
  for (std::size_t i = 0; i < ends.id.size(); ++i) {
    const std::size_t root = std::size_t(forest.root(std::int32_t(i)));
    if (root == i) {
      pieces.of[i] = std::int32_t(pieces.lowest.size());
      pieces.lowest.push_back(ends.id[i]);
    } else {
      pieces.of[i] = pieces.of[root];
      std::int64_t& lowest = pieces.lowest[std::size_t(pieces.of[i])];
      lowest = std::min(lowest, ends.id[i]);
    }
  }
  return pieces;
}

/// The pieces of all ranks, numbered through, as a graph that shrinks. A rank keeps what there is to know of its own.
class PieceGraph {
 public:
  PieceGraph(const Communicator& comm, std::vector<std::int64_t> lowest)
      : comm_(comm),
        first_(comm.all_gather(comm.exclusive_sum(std::int64_t(lowest.size())))),
        lowest_(std::move(lowest)),
        parent_(lowest_.size()) {
    first_.push_back(comm.sum(std::int64_t(lowest_.size())));
    std::iota(parent_.begin(), parent_.end(), here());
  }

  std::int64_t here() const { return first_[std::size_t(comm_.rank())]; }

  /// Joins the pieces that `links` connects. Collective.
  void join(std::vector<Pair> links) {
    while (comm_.max(std::int64_t(links.size())) > 0) {
      hook(links);
      jump();
      links = between_roots(links);
    }
    jump();
    find_lowest();
  }

  /// After join(): the lowest node id of the whole component of each piece of this rank.
  const std::vector<std::int64_t>& labels() const { return lowest_; }

 private:
  std::size_t local(std::int64_t piece) const { return std::size_t(piece - here()); }

  Routes routes_to(const std::vector<std::int64_t>& pieces) const {
    return group_by_rank(std::int64_t(pieces.size()), comm_.size(),
                         [&](auto i) { return owner_of(first_, pieces[std::size_t(i)]); });
  }

  /// values[piece] of the rank that has the piece, for each of `pieces`. Collective.
  std::vector<std::int64_t> ask(const std::vector<std::int64_t>& pieces,
                                const std::vector<std::int64_t>& values) const {
    const Routes routes = routes_to(pieces);
    const auto questions = deliver<std::int64_t>(comm_, routes, [&](auto i) { return pieces[std::size_t(i)]; });
    Arrivals<std::int64_t> answers;
    for (const auto& [source, asked] : questions) {
      auto& replies = answers.emplace_back(source, std::vector<std::int64_t>()).second;
      for (const std::int64_t piece : asked) replies.push_back(values[local(piece)]);
    }
    std::vector<std::int64_t> found(pieces.size());
    answer(comm_, routes, answers, [&](std::int32_t i, std::int64_t value) { found[std::size_t(i)] = value; });
    return found;
  }

  /// Each upper end of a link joins its lowest neighbour. Links are sorted pairs (upper, lower) of roots.
  void hook(const std::vector<Pair>& links) {
    std::vector<std::int64_t> upper;
    std::vector<Pair> lowest;
    for (const Pair& link : links)
      if (upper.empty() || upper.back() != link[0]) {
        upper.push_back(link[0]);
        lowest.push_back(link);
      }
    for (const auto& [source, arrived] :
         deliver<Pair>(comm_, routes_to(upper), [&](auto i) { return lowest[std::size_t(i)]; }))
      for (const auto& [piece, neighbour] : arrived) parent_[local(piece)] = std::min(parent_[local(piece)], neighbour);
  }

  /// Every piece gets its root for a parent: the way there is halved in each round.
  void jump() {
    for (;;) {
      std::vector<std::int64_t> child, parents;
      for (std::size_t i = 0; i < parent_.size(); ++i)
        if (parent_[i] != here() + std::int64_t(i)) {
          child.push_back(std::int64_t(i));
          parents.push_back(parent_[i]);
        }
      const std::vector<std::int64_t> next = ask(parents, parent_);
      for (std::size_t i = 0; i < child.size(); ++i) parent_[std::size_t(child[i])] = next[i];
      if (comm_.max(int(next != parents)) == 0) return;
    }
  }

  std::vector<Pair> between_roots(const std::vector<Pair>& links) const {
    std::vector<std::int64_t> ends;
    for (const Pair& link : links) ends.insert(ends.end(), link.begin(), link.end());
    sort_unique(ends);
    const std::vector<std::int64_t> root = ask(ends, parent_);
    const auto root_of = [&](std::int64_t piece) {
      return root[std::size_t(std::lower_bound(ends.begin(), ends.end(), piece) - ends.begin())];
    };
    std::vector<Pair> rest;
    for (const auto& [upper, lower] : links) {
      const std::int64_t a = root_of(upper), b = root_of(lower);
      if (a != b) rest.push_back({std::max(a, b), std::min(a, b)});
    }
    sort_unique(rest);
    return rest;
  }

  void find_lowest() {
    for (const auto& [source, arrived] : deliver<Pair>(comm_, routes_to(parent_), [&](auto i) {
           return Pair{parent_[std::size_t(i)], lowest_[std::size_t(i)]};
         }))
      for (const auto& [root, id] : arrived) lowest_[local(root)] = std::min(lowest_[local(root)], id);
    lowest_ = ask(parent_, lowest_);
  }

  const Communicator& comm_;
  std::vector<std::int64_t> first_;   ///< number of the first piece of each rank, and of all pieces
  std::vector<std::int64_t> lowest_;  ///< node id
  std::vector<std::int64_t> parent_;  ///< a lower piece of the same component, or the piece itself
};

/// A node that a rank knows, at the home of its id.
struct Mention {
  std::int64_t id, piece;
  std::int32_t owned;
  auto operator<=>(const Mention&) const = default;
};

/// Links between pieces that share a node, as sorted pairs (upper, lower). Checks on the way that each node has one
/// owner.
std::vector<Pair> shared_nodes(const Communicator& comm, const LocalEnds& ends, std::int64_t own_nodes,
                               const Pieces& pieces, std::int64_t first_piece) {
  const Routes routes = group_by_rank(std::int64_t(ends.id.size()), comm.size(),
                                      [&](auto i) { return home_of(ends.id[std::size_t(i)], comm.size()); });
  std::vector<Mention> here;
  for (const auto& [source, list] : deliver<Mention>(comm, routes, [&](std::int32_t i) {
         return Mention{ends.id[std::size_t(i)], first_piece + pieces.of[std::size_t(i)], i < own_nodes};
       }))
    here.insert(here.end(), list.begin(), list.end());
  std::sort(here.begin(), here.end());
  std::vector<Pair> links;
  std::string fault;
  for (std::size_t begin = 0, end = 0; begin < here.size(); begin = end) {
    int owners = 0;
    for (; end < here.size() && here[end].id == here[begin].id; ++end) {
      owners += here[end].owned;
      if (here[end].piece != here[begin].piece) links.push_back({here[end].piece, here[begin].piece});
    }
    if (owners != 1 && fault.empty())
      fault = owners == 0 ? cat("an edge joins node ", here[begin].id, ", which no slab holds")
                          : cat("node id ", here[begin].id, " occurs more than once");
  }
  agree<UsageError>(comm, fault);
  sort_unique(links);
  return links;
}

}  // namespace

LocalEnds local_ends(const Communicator& comm, const GraphSlab& slab) {
  LocalEnds ends;
  IdMap index(slab.node_id.size());
  std::string fault;
  for (const std::int64_t id : slab.node_id)
    if (!index.insert(id, std::int32_t(ends.id.size())).second) fault = cat("node id ", id, " occurs more than once");
    else ends.id.push_back(id);
  const auto number = [&](const std::vector<std::int64_t>& list, std::vector<std::int32_t>& into) {
    into.reserve(list.size());
    for (const std::int64_t id : list) {
      if (id < 0) fault = cat("an edge joins node ", id);
      const auto [at, is_new] = index.insert(std::max(id, std::int64_t(0)), std::int32_t(ends.id.size()));
      if (is_new) ends.id.push_back(id);
      into.push_back(at);
    }
  };
  number(slab.edge_source, ends.source);
  number(slab.edge_target, ends.target);
  agree<UsageError>(comm, fault);
  return ends;
}

std::vector<std::int64_t> component_labels(const Communicator& comm, const LocalEnds& ends, std::int64_t own_nodes) {
  Pieces pieces = local_pieces(ends);
  PieceGraph graph(comm, pieces.lowest);
  graph.join(shared_nodes(comm, ends, own_nodes, pieces, graph.here()));
  std::vector<std::int64_t> label;
  label.reserve(ends.id.size());
  for (const std::int32_t piece : pieces.of) label.push_back(graph.labels()[std::size_t(piece)]);
  return label;
}

}  // namespace halograph
