// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/neighbours/radius.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <tuple>

#include "tests/graph/neighbours/point_sets.hpp"
#include "tests/support/digests/bits.hpp"

namespace halograph::testing {
namespace {

struct RadiusCase {
  PointSet set;
  RadiusOptions options;
  int cells = 2;  ///< to look for images in, either way
};

std::vector<double> uniform(std::size_t n, double low, double high, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> law(low, high);
  std::vector<double> values(n);
  for (double& value : values) value = law(random);
  return values;
}

std::vector<double> lattice_points(int side, double spacing) {
  std::vector<double> points;
  for (int i = 0; i < side * side * side; ++i)
    for (const int c : {i % side, i / side % side, i / side / side}) points.push_back(spacing * c);
  return points;
}

std::vector<RadiusCase> radius_cases() {
  std::vector<RadiusCase> cases;
  const auto add = [&](PointSet set, RadiusOptions options, int cells = 2) {
    cases.push_back({std::move(set), std::move(options), cells});
  };
  const std::vector<double> cube = uniform(3 * 300, 0, 1, 1);
  add(point_set("open", 3, cube), {.cutoff = 0.2});
  add(point_set("open, with loops", 3, cube), {.cutoff = 0.2, .include_self = true});
  add(point_set("open, nearest four", 3, cube), {.cutoff = 0.3, .max_neighbours = 4});
  add(point_set("four dimensions", 4, uniform(4 * 200, 0, 1, 2)), {.cutoff = 0.4});
  for (int axes = 1; axes < 8; ++axes)
    add(point_set(cat("periodic in directions ", axes), 3, cube),
        {.cutoff = 0.23, .period = {axes & 1 ? 1.0 : 0, axes & 2 ? 1.1 : 0, axes & 4 ? 1.05 : 0}});
  add(point_set("lattice on the cutoff", 3, lattice_points(6, 0.25)), {.cutoff = 0.5, .period = {1.5, 1.5, 1.5}});
  add(point_set("lattice with ties, nearest five", 3, lattice_points(5, 0.25)),
      {.cutoff = 0.6, .period = {1.25, 1.25, 1.25}, .max_neighbours = 5});
  add(point_set("box smaller than the cutoff", 3, uniform(3 * 5, 0, 1, 3)), {.cutoff = 1.7, .period = {1, 0.9, 1.3}},
      3);
  add(point_set("one atom", 3, {0.1, 0.2, 0.3}), {.cutoff = 2.1, .include_self = true, .period = {1, 1, 1}}, 3);
  add(point_set("twins", 2, {0, 0, 0, 0, 1, 0, 1, 0, 0.5, 0}), {.cutoff = 0.6, .period = {1, 0}});
  add(point_set("far outside the box", 3, uniform(3 * 60, -4, 7, 4)), {.cutoff = 0.5, .period = {1, 2, 1.5}}, 12);
  add(point_set("crystal", 3, uniform(3 * 40, 0, 1, 5)),
      {.cutoff = 0.9, .lattice = {{1, 0, 0, 0.4, 1.2, 0, -0.3, 0.5, 0.8}}}, 4);
  add(point_set("slab, outside its cell", 3, uniform(3 * 80, -2, 2, 6)),
      {.cutoff = 0.6, .lattice = {{1, 0.1, 0.2, 0.3, 1.2, 0}}}, 8);
  add(point_set("batch", 3, uniform(3 * 300, 0, 1, 7), 9), {.cutoff = 0.3, .period = {0, 1, 0}});
  std::vector<std::vector<double>> lattices;
  for (int g = 0; g < 5; ++g)
    lattices.push_back(g == 3 ? std::vector<double>{}
                              : std::vector<double>{1, 0.1 * g, 0, 0, 0.9 + 0.1 * g, 0, 0, 0, 1.1});
  add(point_set("batch of crystals", 3, uniform(3 * 120, -0.5, 1, 8), 5), {.cutoff = 0.5, .lattice = lattices}, 4);
  add(point_set("no points", 3, {}), {.cutoff = 1, .period = {1, 1, 1}});
  return cases;
}

std::vector<double> vectors_of(const RadiusCase& test, std::size_t graph) {
  const RadiusOptions& options = test.options;
  if (!options.lattice.empty()) return options.lattice[options.lattice.size() > 1 ? graph : 0];
  std::vector<double> vectors;
  for (std::size_t a = 0; a < options.period.size(); ++a)
    for (std::size_t c = 0; c < options.period.size() && options.period[a] > 0; ++c)
      vectors.push_back(a == c ? options.period[a] : 0);
  return vectors;
}

/// An in-edge: source id, image, shift.
template <class T>
using Edge = std::tuple<std::int64_t, std::array<int, 3>, std::vector<T>>;

/// In-edges of point i by brute force over all images, as the header says, apart from the library.
template <class T>
std::vector<Edge<T>> naive_edges(const RadiusCase& test, std::size_t i, bool batched) {
  const PointSet& set = test.set;
  const std::size_t dims = std::size_t(set.dims);
  const std::vector<double> vectors = vectors_of(test, batched ? std::size_t(set.graph[i]) : 0);
  std::array<int, 3> most{};
  for (std::size_t a = 0; a < vectors.size() / dims; ++a) most[a] = test.cells;
  std::vector<std::pair<T, Edge<T>>> edges;
  for (std::size_t j = 0; j < set.size(); ++j) {
    if (batched && set.graph[i] != set.graph[j]) continue;
    for (int a = -most[0]; a <= most[0]; ++a)
      for (int b = -most[1]; b <= most[1]; ++b)
        for (int c = -most[2]; c <= most[2]; ++c) {
          if (i == j && a == 0 && b == 0 && c == 0 && !test.options.include_self) continue;
          const std::array<int, 3> image{a, b, c};
          std::vector<T> shift;
          T sum = 0;
          for (std::size_t d = 0; d < dims; ++d) {
            double s = 0;
            for (std::size_t v = 0; v < vectors.size() / dims; ++v)
              s = std::fma(double(image[v]), vectors[v * dims + d], s);
            shift.push_back(T(s));
            const T along = (T(set.points[j * dims + d]) - T(set.points[i * dims + d])) + T(s);
            sum = std::fma(along, along, sum);
          }
          if (double(sum) < test.options.cutoff * test.options.cutoff)
            edges.push_back({sum, {set.id[j], image, shift}});
        }
  }
  std::sort(edges.begin(), edges.end());
  if (test.options.max_neighbours > 0) edges.resize(std::min(edges.size(), std::size_t(test.options.max_neighbours)));
  std::vector<Edge<T>> result;
  for (const auto& [distance, edge] : edges) result.push_back(edge);
  std::sort(result.begin(), result.end());
  return result;
}

template <class T>
void expect_within(const RadiusGraph& built, const RadiusCase& test, bool batched, const std::string& what) {
  const bool open = test.options.period.empty() && test.options.lattice.empty();
  const Graph& graph = built.graph;
  ASSERT_EQ(built.shift.defined(), !open) << what;
  const std::vector<T> shift = open ? std::vector<T>() : built.shift.to_vector<T>();
  const EdgeList list = edge_list(graph);
  const std::size_t dims = std::size_t(test.set.dims);
  std::size_t e = 0;
  for (std::size_t row = 0; row < graph.node_id().size(); ++row) {
    const std::int64_t id = graph.node_id()[row];
    const std::size_t begin = e;
    while (e < list.target_row.size() && std::size_t(list.target_row[e]) == row) ++e;
    if (id % 5 > 0) continue;  // brute force takes its time: some of the points
    const auto at = std::find(test.set.id.begin(), test.set.id.end(), id);
    const auto expected = naive_edges<T>(test, std::size_t(at - test.set.id.begin()), batched);
    ASSERT_EQ(e - begin, expected.size()) << what << ", node " << id;
    for (std::size_t k = 0; k < expected.size(); ++k) {
      const auto& [source, image, moved] = expected[k];
      ASSERT_EQ(list.source_id[begin + k], source) << what << ", node " << id;
      if (open) continue;
      ASSERT_TRUE(std::equal(moved.begin(), moved.end(), shift.begin() + std::ptrdiff_t((begin + k) * dims))) << what;
    }
  }
  EXPECT_EQ(e, list.target_row.size()) << what;
}

TEST(Radius, IsBruteForceAndTheSameGraphOnAnyRanks) {
  const Communicator world(MPI_COMM_WORLD), self;
  for (const RadiusCase& test : radius_cases())
    for (const DType dtype : {DType::f32, DType::f64}) {
      const PointBed bed = spread(world, test.set, dtype), alone = spread(self, test.set, dtype);
      for (const bool batched : {false, true}) {
        if ((!batched && test.options.lattice.size() > 1) || (batched && test.set.n_graphs == 1)) continue;
        const std::string what = cat(test.set.name, " ", name_of(dtype), batched ? " batched" : "");
        const auto build = [&](const PointBed& on) {
          return batched ? radius_graph(on.nodes, on.points, test.options, on.batch)
                         : radius_graph(on.nodes, on.points, test.options);
        };
        const RadiusGraph built = build(bed);
        if (dtype == DType::f32) expect_within<float>(built, test, batched, what);
        else expect_within<double>(built, test, batched, what);
        const RadiusGraph one = world.rank() == 0 ? build(alone) : RadiusGraph{alone.nodes, {}};
        expect_same_graph(built.graph, one.graph, what);
        if (!built.shift.defined()) continue;
        const auto shifts = world.all_gather_v(std::span<const double>(built.shift.to_vector<double>()));
        if (world.rank() == 0) {
          EXPECT_TRUE(same_bits(shifts, one.shift.to_vector<double>())) << what;
        }
      }
    }
}

TEST(Radius, IsSymmetric) {
  for (const RadiusCase& test : radius_cases()) {
    if (test.options.max_neighbours > 0 || test.options.lattice.size() > 1) continue;
    const PointBed bed = spread(Communicator(), test.set, DType::f32);
    const RadiusGraph built = radius_graph(bed.nodes, bed.points, test.options);
    const EdgeList list = edge_list(built.graph);
    const std::vector<float> shift = built.shift.defined()
                                         ? built.shift.to_vector<float>()
                                         : std::vector<float>(list.target_row.size() * std::size_t(test.set.dims));
    using Ends = std::tuple<std::int64_t, std::int64_t, std::vector<float>>;
    std::vector<Ends> there, back;
    for (std::size_t e = 0; e < list.target_row.size(); ++e) {
      const std::int64_t target = bed.nodes.node_id()[std::size_t(list.target_row[e])];
      std::vector<float> s, opposite;
      for (std::size_t c = 0; c < std::size_t(test.set.dims); ++c) {
        s.push_back(shift[e * std::size_t(test.set.dims) + c]);
        opposite.push_back(0 - s.back());
      }
      there.emplace_back(target, list.source_id[e], s);
      back.emplace_back(list.source_id[e], target, opposite);
    }
    std::sort(there.begin(), there.end());
    std::sort(back.begin(), back.end());
    EXPECT_EQ(there, back) << test.set.name;
  }
}

TEST(Radius, RefusesWhatMakesNoSenseOnAllRanks) {
  PointSet set = point_set("uniform", 3, uniform(3 * 40, 0, 1, 12));
  const Communicator world(MPI_COMM_WORLD);
  const PointBed bed = spread(world, set, DType::f64);
  const auto refuses = [&](const RadiusOptions& options) {
    EXPECT_THROW(radius_graph(bed.nodes, bed.points, options), UsageError);
  };
  refuses({.cutoff = 0});
  refuses({.cutoff = -1});
  refuses({.cutoff = std::numeric_limits<double>::quiet_NaN()});
  refuses({.cutoff = 1, .period = {1, 1}});
  refuses({.cutoff = 1, .period = {1, -1, 0}});
  refuses({.cutoff = 1, .period = {1, 1, 1}, .lattice = {{1, 0, 0}}});
  refuses({.cutoff = 1, .lattice = {{1, 0, 0, 0}}});
  refuses({.cutoff = 1, .lattice = {{1, 0, 0, 2, 0, 0}}});
  refuses({.cutoff = 1, .lattice = {{1, 0, 0}, {1, 0, 0}}});
  refuses({.cutoff = 1, .period = {1e-3, 1e-3, 1e-3}});
  refuses({.cutoff = 1, .max_neighbours = -1});
  set.points[3 * 11 + 2] = 1e9;
  const PointBed far = spread(world, set, DType::f64);
  EXPECT_THROW(radius_graph(far.nodes, far.points, {.cutoff = 1, .period = {0, 0, 1}}), UsageError);
  EXPECT_EQ(world.sum(radius_graph(far.nodes, far.points, {.cutoff = 10}).graph.n_edges()), 39 * 38);
  set.points[3 * 11 + 2] = std::numeric_limits<double>::quiet_NaN();
  const PointBed wrong = spread(world, set, DType::f64);
  EXPECT_THROW(radius_graph(wrong.nodes, wrong.points, {.cutoff = 1}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
