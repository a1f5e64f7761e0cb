// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/neighbours/radius.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <tuple>

#include <halograph/graph/rewire/edge_list.hpp>

#include "graph/dist/row_patch.hpp"
#include "graph/neighbours/device_search.hpp"
#include "graph/neighbours/lattice.hpp"
#include "graph/neighbours/point_trees.hpp"
#include "graph/neighbours/search_boxes.hpp"
#include "graph/neighbours/search_points.hpp"
#include "graph/routing/remote_queries.hpp"

namespace halograph {
namespace {

/// A lattice and its images that matter.
struct Cell {
  Lattice lattice;
  std::vector<Image> images;
  std::vector<double> shifts;  ///< [images, dims]
};

/// A neighbour of a query, here or on another rank.
template <class T>
struct Found {
  T distance;
  std::int32_t question, patch;
  std::int64_t id;
  Image image;
};

/// Points to search for: where they are and in which cell, their moved copies in the cell at the origin, their groups.
template <class T>
struct Queries {
  std::vector<T> points;
  std::vector<double> moved;
  std::vector<Image> cell;
  std::vector<std::int32_t> group;
};

/// Candidates come from a search in double precision among points moved into the cell at the origin, with a reach that
/// is larger than the cutoff by more than all rounding; the one expression for the distance, of the points where they
/// are, decides.
template <class T>
class RadiusSearch {
 public:
  RadiusSearch(const SearchInput& input, const RadiusOptions& options)
      : input_(input),
        options_(options),
        comm_(input.nodes.comm()),
        dims_(input.points.cols()),
        points_(finite_points<T>("radius_graph", input)),
        lattices_(lattices_of(input, options)),
        reach_(reach()),
        here_(moved(std::move(points_), input.groups())),
        trees_(here_.moved, dims_, here_.group, input.n_groups(), input.nodes.node_id()),
        search_(trees_, input.points.device()),
        patch_(patch_of_rows(*input.nodes.nodes())) {
    for (const Lattice& lattice : lattices_) {
      Cell& cell = cells_.emplace_back(Cell{lattice, lattice.images_within(reach_), {}});
      for (const Image& image : cell.images)
        for (std::int64_t c = 0; c < dims_; ++c) cell.shifts.push_back(lattice.shift(image, c));
    }
    require_all<UsageError>(comm_, trees_.row().size() <= std::size_t(std::numeric_limits<std::int32_t>::max()),
                            "radius_graph: more points on a rank than 32-bit places; use more ranks");
    for (const std::int32_t leaf : trees_.leaves())
      for (std::int64_t p = trees_.first(leaf); p < trees_.first(leaf) + trees_.count(leaf); ++p)
        if (const std::int32_t row = trees_.row()[std::size_t(p)]; row >= 0) order_.push_back(row);
  }

  RadiusGraph graph() {
    std::vector<Found<T>> edges = search(here_, order_, true);
    if (comm_.size() > 1) search_elsewhere(edges);
    if (options_.max_neighbours > 0) keep_nearest(edges);
    return wired(edges);
  }

 private:
  static std::vector<Lattice> lattices_of(const SearchInput& input, const RadiusOptions& options) {
    const std::int64_t dims = input.points.cols();
    std::vector<Lattice> lattices;
    for (const auto& vectors : options.lattice) lattices.emplace_back(dims, vectors);
    if (!lattices.empty()) return lattices;
    std::vector<double> vectors;
    for (std::size_t a = 0; a < options.period.size(); ++a) {
      if (options.period[a] == 0) continue;
      vectors.resize(vectors.size() + std::size_t(dims), 0.0);
      vectors[vectors.size() - std::size_t(dims) + a] = options.period[a];
    }
    lattices.emplace_back(dims, std::move(vectors));
    return lattices;
  }

  const Lattice& lattice_of(std::int32_t group) const {
    return lattices_.size() > 1 ? lattices_[std::size_t(group)] : lattices_[0];
  }
  const Cell& cell_of(std::int32_t group) const { return cells_.size() > 1 ? cells_[std::size_t(group)] : cells_[0]; }
  bool open() const {
    return std::all_of(lattices_.begin(), lattices_.end(), [](const Lattice& l) { return l.open(); });
  }

  /// The cutoff and what rounding can make of it.
  double reach() const {
    double farthest = 0, skew = 1;
    for (const T x : points_) farthest = std::max(farthest, std::abs(double(x)));
    for (const Lattice& lattice : lattices_) skew = std::max(skew, lattice.skew());
    farthest = comm_.max(farthest);
    const double roundings = 16 * double(dims_ + 2) * (1 + skew);
    return options_.cutoff + roundings * double(std::numeric_limits<T>::epsilon()) * (farthest + options_.cutoff);
  }

  /// Collective.
  Queries<T> moved(std::vector<T> points, std::vector<std::int32_t> group) const {
    const std::size_t n = points.size() / std::size_t(dims_);
    if (group.empty()) group.assign(n, 0);
    Queries<T> queries{std::move(points), {}, {}, std::move(group)};
    on_all_ranks(comm_, [&] { move(queries); });
    return queries;
  }

  void move(Queries<T>& queries) const {
    queries.moved.assign(queries.points.begin(), queries.points.end());
    queries.cell.resize(queries.group.size());
    for (std::size_t q = 0; q < queries.cell.size(); ++q) {
      const Lattice& lattice = lattice_of(queries.group[q]);
      double* const x = &queries.moved[q * std::size_t(dims_)];
      queries.cell[q] = lattice.cell_of(x);
      for (std::int64_t c = 0; c < dims_; ++c) x[c] -= lattice.shift(queries.cell[q], c);
    }
  }

  /// Whether points of two boxes, the second one shifted, may be within reach of each other.
  bool meet(const double* a_least, const double* a_largest, const double* b, const double* shift) const {
    double sum = 0;
    for (std::int64_t c = 0; c < dims_; ++c) {
      const double gap = std::max(std::max(b[c] + shift[c] - a_largest[c], a_least[c] - b[dims_ + c] - shift[c]), 0.0);
      sum += gap * gap;
    }
    return sum <= reach_ * reach_;
  }
  bool meet(const double* point, const double* box, const double* shift) const {
    return meet(point, point, box, shift);
  }

  /// The neighbours among the points of this rank of the listed queries, in the order of the list.
  std::vector<Found<T>> search(const Queries<T>& queries, std::span<const std::int32_t> list, bool own) {
    std::vector<Found<T>> found;
    std::vector<std::int32_t> tree, query, image;
    std::vector<double> at;
    const auto flush = [&] {
      find(queries, {tree, query, image, at}, own, found);
      for (auto* v : {&tree, &query, &image}) v->clear();
      at.clear();
    };
    for (const std::int32_t q : list) {
      const std::int32_t group = queries.group[std::size_t(q)], root = trees_.root(group);
      if (root < 0) continue;
      const Cell& cell = cell_of(group);
      const double* const x = &queries.moved[std::size_t(q * dims_)];
      for (std::size_t i = 0; i < cell.images.size(); ++i) {
        const double* const shift = &cell.shifts[i * std::size_t(dims_)];
        if (!meet(x, trees_.box(root), shift)) continue;
        tree.push_back(root);
        query.push_back(q);
        image.push_back(std::int32_t(i));
        for (std::int64_t c = 0; c < dims_; ++c) at.push_back(x[c] - shift[c]);
      }
      if (std::int64_t(tree.size()) >= search_.queries_at_once(room_)) flush();
    }
    flush();
    return found;
  }

  /// Searches to do at once.
  struct Searches {
    std::span<const std::int32_t> tree, query, image;
    std::span<const double> at;
  };

  void find(const Queries<T>& queries, const Searches& searches, bool own, std::vector<Found<T>>& found) {
    const std::int64_t n = std::int64_t(searches.tree.size());
    if (n == 0) return;
    kernels::WithinTask task;
    task.query = {searches.at.data(), DType::f64, n, dims_, dims_};
    task.tree = searches.tree.data();
    task.distance = reach_ * reach_;
    std::vector<std::int32_t> count(std::size_t(n), 0);
    for (bool again = true; again;) {
      place_.resize(std::size_t(n * room_));
      task.room = room_;
      task.count = count.data();
      task.place = place_.data();
      search_.within(task);
      const std::int64_t most = *std::max_element(count.begin(), count.end());
      again = most > room_;
      room_ = std::max(room_, most);
    }
    for (std::size_t i = 0; i < std::size_t(n); ++i)
      for (std::int64_t j = 0; j < count[i]; ++j)
        decide(queries, std::size_t(searches.query[i]), searches.image[i],
               place_[i * std::size_t(room_) + std::size_t(j)], own, found);
  }

  /// Adds a candidate if it is near enough.
  void decide(const Queries<T>& queries, std::size_t q, std::int32_t number, std::int32_t place, bool own,
              std::vector<Found<T>>& found) {
    const std::size_t row = std::size_t(trees_.row()[std::size_t(place)]);
    const Cell& cell = cell_of(queries.group[q]);
    Image image = cell.images[std::size_t(number)];
    const bool moved_alike = queries.cell[q] == here_.cell[row];
    if (!moved_alike)
      for (std::size_t a = 0; a < 3; ++a) image[a] += queries.cell[q][a] - here_.cell[row][a];
    if (own && row == q && image == Image{} && !options_.include_self) return;
    const T* const x = &here_.points[row * std::size_t(dims_)];
    const T* const y = &queries.points[q * std::size_t(dims_)];
    T sum = 0;
    for (std::int64_t c = 0; c < dims_; ++c) {
      const double shift = moved_alike ? cell.shifts[std::size_t(number * dims_ + c)] : cell.lattice.shift(image, c);
      const T v = (x[c] - y[c]) + T(shift);
      sum = std::fma(v, v, sum);
    }
    if (double(sum) < options_.cutoff * options_.cutoff)
      found.push_back({sum, std::int32_t(q), patch_[row], input_.nodes.node_id()[row], image});
  }

  /// Which ranks may have neighbours of which points.
  std::vector<std::pair<int, std::int32_t>> whom_to_ask() const {
    const SearchBoxes<double> boxes(comm_, trees_, dims_, input_.sizes());
    std::vector<std::pair<int, std::int32_t>> asked;
    std::vector<const double*> near;
    std::size_t q = 0;
    for (std::size_t i = 0; i < trees_.leaves().size(); ++i) {
      const std::size_t begin = q, end = q + std::size_t(trees_.points_of_leaf(i));
      const double* const leaf = trees_.box(trees_.leaves()[i]);
      const Cell& cell = cell_of(trees_.group_of_leaf(i));
      q = end;
      for (const auto& there : boxes.of(trees_.group_of_leaf(i))) {
        near.clear();
        for (std::size_t s = 0; s < cell.shifts.size(); s += std::size_t(dims_))
          if (meet(leaf, leaf + dims_, there.all.data(), &cell.shifts[s])) near.push_back(&cell.shifts[s]);
        for (std::size_t j = begin; j < end && !near.empty(); ++j)
          if (may_reach(&here_.moved[std::size_t(order_[j] * dims_)], there.parts, near))
            asked.emplace_back(there.rank, order_[j]);
      }
    }
    return asked;
  }

  bool may_reach(const double* x, std::span<const double> boxes, std::span<const double* const> shifts) const {
    for (const double* shift : shifts)
      for (std::size_t b = 0; b < boxes.size(); b += 2 * std::size_t(dims_))
        if (meet(x, &boxes[b], shift)) return true;
    return false;
  }

  void search_elsewhere(std::vector<Found<T>>& edges) {
    ask_in_rounds<Found<T>, T>(
        comm_, whom_to_ask(), dims_,
        [&](std::int32_t q) {
          return Question<T>{0, 0, 0, here_.group[std::size_t(q)]};
        },
        [&](std::int32_t q) { return &here_.points[std::size_t(q * dims_)]; },
        [&](const Asked<T>& questions) { return found_for(questions); },
        [&](std::int32_t q, const Found<T>& found) {
          edges.push_back(found);
          edges.back().question = q;
        });
  }

  std::vector<Found<T>> found_for(const Asked<T>& asked) {
    Queries<T> queries{asked.points, {}, {}, {}};
    for (const Question<T>& question : asked.question) queries.group.push_back(question.group);
    move(queries);
    std::vector<std::int32_t> list(queries.group.size());
    std::iota(list.begin(), list.end(), 0);
    return search(queries, list, false);
  }

  void keep_nearest(std::vector<Found<T>>& edges) const {
    const auto key = [](const Found<T>& e) { return std::tuple(e.question, e.distance, e.id, number_of(e.image)); };
    std::sort(edges.begin(), edges.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
    std::vector<Found<T>> kept;
    std::size_t begin = 0;  // of the edges of a query
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (edges[e].question != edges[begin].question) begin = e;
      if (std::int64_t(e - begin) < options_.max_neighbours) kept.push_back(edges[e]);
    }
    edges = std::move(kept);
  }

  RadiusGraph wired(const std::vector<Found<T>>& edges) const {
    EdgeList list;
    for (const Found<T>& edge : edges) {
      list.target_row.push_back(edge.question);
      list.source_id.push_back(edge.id);
      list.source_patch.push_back(edge.patch);
      list.edge_id.push_back(number_of(edge.image));
    }
    const Rewired rewired = with_edges(input_.nodes, list);
    RadiusGraph result{rewired.graph, {}};
    if (open()) return result;
    std::vector<T> shift(edges.size() * std::size_t(dims_));
    for (std::size_t e = 0; e < edges.size(); ++e) {
      const Lattice& lattice = lattice_of(here_.group[std::size_t(edges[e].question)]);
      for (std::int64_t c = 0; c < dims_; ++c)
        shift[std::size_t(rewired.edge_row[e]) * std::size_t(dims_) + std::size_t(c)] =
            T(lattice.shift(edges[e].image, c));
    }
    result.shift = Tensor::from(shift, std::int64_t(edges.size()), dims_, dtype_of<T>(), rewired.graph.edges(),
                                input_.nodes.device());
    return result;
  }

  const SearchInput& input_;
  RadiusOptions options_;
  Communicator comm_;
  std::int64_t dims_;
  std::vector<T> points_;
  std::vector<Lattice> lattices_;
  double reach_;
  Queries<T> here_;
  PointTrees<double> trees_;
  DeviceSearch search_;
  std::vector<std::int32_t> patch_, order_;
  std::vector<Cell> cells_;
  std::vector<std::int32_t> place_;
  std::int64_t room_ = 64;
};

RadiusGraph build(const SearchInput& input, const RadiusOptions& options) {
  check_search("radius_graph", input);
  const std::int64_t dims = input.points.cols();
  require(std::isfinite(options.cutoff) && options.cutoff > 0, "radius_graph: cutoff = ", options.cutoff,
          "; it is finite and greater than 0");
  require(options.max_neighbours >= 0, "radius_graph: max_neighbours = ", options.max_neighbours, " is less than 0");
  require(options.period.empty() || std::int64_t(options.period.size()) == dims,
          "radius_graph: ", options.period.size(), " periods in ", dims, " dimensions");
  for (const double length : options.period)
    require(std::isfinite(length) && length >= 0, "radius_graph: period ", length,
            "; a period is finite and not negative");
  require(options.period.empty() || options.lattice.empty(),
          "radius_graph: periods and lattice vectors; give one of them");
  require(options.lattice.size() <= 1 || std::int64_t(options.lattice.size()) == input.n_groups(),
          "radius_graph: ", options.lattice.size(), " lattices for ", input.n_groups(), " graphs");
  return input.points.dtype() == DType::f32 ? RadiusSearch<float>(input, options).graph()
                                            : RadiusSearch<double>(input, options).graph();
}

}  // namespace

RadiusGraph radius_graph(const Graph& nodes, const Tensor& points, const RadiusOptions& options) {
  return build({nodes, points}, options);
}

RadiusGraph radius_graph(const Graph& nodes, const Tensor& points, const RadiusOptions& options, const Batch& batch) {
  return build({nodes, points, &batch}, options);
}

}  // namespace halograph
