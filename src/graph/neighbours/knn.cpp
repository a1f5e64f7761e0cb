// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/neighbours/knn.hpp>

#include <algorithm>
#include <limits>
#include <span>
#include <tuple>
#include <vector>

#include <halograph/graph/rewire/edge_list.hpp>

#include "graph/dist/row_patch.hpp"
#include "graph/neighbours/device_search.hpp"
#include "graph/neighbours/point_trees.hpp"
#include "graph/neighbours/search_boxes.hpp"
#include "graph/neighbours/search_points.hpp"
#include "graph/routing/remote_queries.hpp"

namespace halograph {
namespace {

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();

/// A neighbour on another rank.
template <class T>
struct Found {
  T distance;
  std::int32_t question, patch;
  std::int64_t id;
};

template <class T>
kernels::In matrix(const std::vector<T>& values, std::int64_t cols) {
  return {values.data(), dtype_of<T>(), std::int64_t(values.size()) / cols, cols, cols};
}

/// Neighbours of queries among the points of this rank.
template <class T>
struct Nearest {
  std::int64_t k;
  std::vector<T> distance;
  std::vector<std::int32_t> place;

  Nearest(std::int64_t queries, std::int64_t most)
      : k(most), distance(std::size_t(queries * most)), place(std::size_t(queries * most)) {}
  void search(const DeviceSearch& trees, kernels::NearestTask& task) {
    task.k = k;
    task.distance = {distance.data(), dtype_of<T>(), task.query.rows, k, k};
    task.place = place.data();
    trees.nearest(task);
  }
  std::span<const T> distances(std::size_t query) const {
    return std::span(distance).subspan(query * std::size_t(k), std::size_t(k));
  }
  std::span<const std::int32_t> places(std::size_t query) const {
    return std::span(place).subspan(query * std::size_t(k), std::size_t(k));
  }
};

template <class T>
class KnnSearch {
 public:
  KnnSearch(const SearchInput& input, const KnnOptions& options, std::int64_t k)
      : KnnSearch(input, options, k, finite_points<T>("knn_graph", input), input.groups()) {}

  EdgeList edges() {
    search_here();
    if (comm_.size() > 1) search_elsewhere();
    return joined();
  }

 private:
  KnnSearch(const SearchInput& input, const KnnOptions& options, std::int64_t k, std::vector<T> points,
            std::vector<std::int32_t> groups)
      : input_(input),
        options_(options),
        comm_(input.nodes.comm()),
        dims_(input.points.cols()),
        trees_(points, dims_, groups, input.n_groups(), input.nodes.node_id()),
        search_(trees_, input.points.device()),
        nearest_(input.nodes.n_nodes(), k),
        patch_(patch_of_rows(*input.nodes.nodes())) {
    require_all<UsageError>(comm_, trees_.row().size() <= std::size_t(std::numeric_limits<std::int32_t>::max()),
                            "knn_graph: more points on a rank than 32-bit places; use more ranks");
    // Queries in the order of the leaves: those that follow each other go the same ways down the tree.
    for (std::size_t i = 0; i < trees_.leaves().size(); ++i) {
      const std::int32_t leaf = trees_.leaves()[i];
      for (std::int64_t p = trees_.first(leaf); p < trees_.first(leaf) + trees_.count(leaf); ++p) {
        const std::int32_t row = trees_.row()[std::size_t(p)];
        if (row < 0) continue;
        row_.push_back(row);
        group_.push_back(trees_.group_of_leaf(i));
        const T* x = &points[std::size_t(row) * std::size_t(dims_)];
        query_.insert(query_.end(), x, x + dims_);
      }
    }
  }

  std::int64_t id_of(std::size_t query) const { return input_.nodes.node_id()[std::size_t(row_[query])]; }

  void search_here() {
    std::vector<std::int32_t> tree;
    std::vector<std::int64_t> self;
    for (std::size_t q = 0; q < row_.size(); ++q) {
      tree.push_back(trees_.root(group_[q]));
      self.push_back(id_of(q));
    }
    kernels::NearestTask task;
    task.query = matrix(query_, dims_);
    task.tree = tree.data();
    task.except = options_.include_self ? nullptr : self.data();
    nearest_.search(search_, task);
  }

  /// Which ranks may have something nearer, query after query.
  std::vector<std::pair<int, std::int32_t>> whom_to_ask() const {
    const SearchBoxes<T> boxes(comm_, trees_, dims_, input_.sizes());
    std::vector<std::pair<int, std::int32_t>> asked;
    std::size_t q = 0;
    for (std::size_t i = 0; i < trees_.leaves().size(); ++i) {
      const std::size_t end = q + std::size_t(trees_.points_of_leaf(i));
      const T* const leaf = trees_.box(trees_.leaves()[i]);
      T farthest = 0;
      for (std::size_t j = q; j < end; ++j) farthest = std::max(farthest, nearest_.distances(j).back());
      for (const auto& there : boxes.of(trees_.group_of_leaf(i))) {
        if (distance_of_boxes(dims_, leaf, leaf + dims_, there.all.data(), there.all.data() + dims_) > farthest)
          continue;
        for (std::size_t j = q; j < end; ++j)
          if (may_have(there.parts, &query_[j * std::size_t(dims_)], nearest_.distances(j).back()))
            asked.emplace_back(there.rank, std::int32_t(j));
      }
      q = end;
    }
    return asked;
  }

  bool may_have(std::span<const T> boxes, const T* point, T worst) const {
    for (std::size_t b = 0; b < boxes.size(); b += 2 * std::size_t(dims_))
      if (distance_of_boxes(dims_, point, point, &boxes[b], &boxes[b] + dims_) <= worst) return true;
    return false;
  }

  void search_elsewhere() {
    ask_in_rounds<Found<T>, T>(
        comm_, whom_to_ask(), dims_, [&](std::int32_t q) { return question(std::size_t(q)); },
        [&](std::int32_t q) { return &query_[std::size_t(q) * std::size_t(dims_)]; },
        [&](const Asked<T>& questions) { return found_for(questions); },
        [&](std::int32_t q, const Found<T>& found) {
          found_.push_back(found);
          found_.back().question = q;
        });
    std::sort(found_.begin(), found_.end(), [](const Found<T>& a, const Found<T>& b) {
      return std::tie(a.question, a.distance, a.id) < std::tie(b.question, b.distance, b.id);
    });
  }

  Question<T> question(std::size_t q) const {
    const std::int32_t last = nearest_.places(q).back();
    return {id_of(q), last < 0 ? none : id_at(last), nearest_.distances(q).back(), group_[q]};
  }
  std::int64_t id_at(std::int32_t place) const {
    return input_.nodes.node_id()[std::size_t(trees_.row()[std::size_t(place)])];
  }

  std::vector<Found<T>> found_for(const Asked<T>& asked) const {
    const std::size_t n = asked.question.size();
    std::vector<std::int32_t> tree;
    std::vector<std::int64_t> within_id;
    std::vector<T> within;
    for (const Question<T>& question : asked.question) {
      tree.push_back(trees_.root(question.group));
      within.push_back(question.within);
      within_id.push_back(question.within_id);
    }
    Nearest<T> nearest(std::int64_t(n), nearest_.k);
    kernels::NearestTask task;
    task.query = matrix(asked.points, dims_);
    task.tree = tree.data();
    task.within = matrix(within, 1);
    task.within_id = within_id.data();
    nearest.search(search_, task);
    std::vector<Found<T>> found;
    for (std::size_t q = 0; q < n; ++q)
      for (std::size_t i = 0; i < std::size_t(nearest.k) && nearest.places(q)[i] >= 0; ++i) {
        const std::int32_t row = trees_.row()[std::size_t(nearest.places(q)[i])];
        found.push_back({nearest.distances(q)[i], std::int32_t(q), patch_[std::size_t(row)],
                         input_.nodes.node_id()[std::size_t(row)]});
      }
    return found;
  }

  /// The k best of both lists of each query.
  EdgeList joined() const {
    EdgeList edges;
    const std::size_t k = std::size_t(nearest_.k), room = row_.size() * k;
    edges.target_row.reserve(room);
    edges.source_id.reserve(room);
    edges.source_patch.reserve(room);
    auto other = found_.begin();
    for (std::size_t q = 0; q < row_.size(); ++q) {
      const auto distance = nearest_.distances(q);
      const auto place = nearest_.places(q);
      const auto is_next = [&] { return other != found_.end() && std::size_t(other->question) == q; };
      for (std::size_t i = 0, taken = 0; taken < k; ++taken) {
        const bool here = place[i] >= 0;
        std::int32_t row = here ? trees_.row()[std::size_t(place[i])] : -1;
        const std::int64_t id = here ? input_.nodes.node_id()[std::size_t(row)] : none;
        const bool there = is_next() && (!here || std::tie(other->distance, other->id) < std::tie(distance[i], id));
        if (!here && !there) break;
        edges.target_row.push_back(row_[q]);
        edges.source_id.push_back(there ? other->id : id);
        edges.source_patch.push_back(there ? other->patch : patch_[std::size_t(row)]);
        if (there) ++other;
        else ++i;
      }
      while (is_next()) ++other;
    }
    edges.edge_id.assign(edges.target_row.size(), 0);
    return edges;
  }

  const SearchInput& input_;
  KnnOptions options_;
  Communicator comm_;
  std::int64_t dims_;
  PointTrees<T> trees_;
  DeviceSearch search_;
  Nearest<T> nearest_;
  std::vector<std::int32_t> patch_;
  // By query, in the order of the leaves.
  std::vector<std::int32_t> row_, group_;
  std::vector<T> query_;
  std::vector<Found<T>> found_;
};

Graph build(const SearchInput& input, const KnnOptions& options) {
  check_search("knn_graph", input);
  require(options.k >= 1, "knn_graph: k = ", options.k, "; a node has at least one neighbour");
  const std::vector<std::int64_t> sizes = input.sizes();
  const std::int64_t largest = *std::max_element(sizes.begin(), sizes.end()) - (options.include_self ? 0 : 1);
  const std::int64_t k = std::min(options.k, std::max<std::int64_t>(largest, 0));
  EdgeList edges;
  if (k > 0)
    edges = input.points.dtype() == DType::f32 ? KnnSearch<float>(input, options, k).edges()
                                               : KnnSearch<double>(input, options, k).edges();
  return with_edges(input.nodes, edges).graph;
}

}  // namespace

Graph knn_graph(const Graph& nodes, const Tensor& points, const KnnOptions& options) {
  return build({nodes, points}, options);
}

Graph knn_graph(const Graph& nodes, const Tensor& points, const KnnOptions& options, const Batch& batch) {
  return build({nodes, points, &batch}, options);
}

}  // namespace halograph
