// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/neighbours/knn.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <halograph/core/threads.hpp>

#include "tests/graph/neighbours/point_sets.hpp"

namespace halograph::testing {
namespace {

std::vector<double> gaussian(std::size_t count, std::uint64_t seed, double scale = 1) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> law(0, scale);
  std::vector<double> values(count);
  for (double& value : values) value = law(random);
  return values;
}

/// A detector: cells on planes, all distances repeated many times over.
std::vector<double> lattice(int side) {
  std::vector<double> points;
  for (int i = 0; i < side; ++i)
    for (int j = 0; j < side; ++j)
      for (int k = 0; k < side; ++k)
        for (const int c : {i, j, k}) points.push_back(0.3 * c);
  return points;
}

/// Small groups far apart.
std::vector<double> clusters(std::size_t n, std::size_t dims) {
  std::vector<double> points = gaussian(n * dims, 5, 1e-3);
  const std::vector<double> centre = gaussian(6 * dims, 6, 100);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t c = 0; c < dims; ++c) points[i * dims + c] += centre[(i * i) % 6 * dims + c];
  return points;
}

std::vector<double> repeated(std::vector<double> points, int times) {
  const std::vector<double> once = points;
  for (int t = 1; t < times; ++t) points.insert(points.end(), once.begin(), once.end());
  return points;
}

std::vector<PointSet> point_sets() {
  std::vector<double> far = gaussian(300 * 2, 9, 1e25);
  return {
      point_set("gaussian 3-d", 3, gaussian(3 * 500, 1)),
      point_set("one patch", 2, gaussian(2 * 90, 2), 1, 1),
      point_set("one axis", 1, gaussian(400, 3)),
      point_set("64 dimensions", 64, gaussian(64 * 120, 4)),
      point_set("20 dimensions", 20, gaussian(20 * 400, 4)),
      point_set("8 dimensions", 8, gaussian(8 * 500, 4)),
      point_set("lattice", 3, lattice(8)),
      point_set("clusters", 3, clusters(600, 3)),
      point_set("twins", 3, repeated(gaussian(3 * 110, 7), 4)),
      point_set("all equal", 2, std::vector<double>(2 * 500, 0.7)),
      point_set("overflowing distances", 2, std::move(far)),
      point_set("one point", 3, {1, 2, 3}),
      point_set("no points", 3, {}),
      point_set("batch", 3, gaussian(3 * 600, 8), 12),
      point_set("batch of lattices", 3, lattice(9), 2),
      point_set("batch of few", 5, gaussian(5 * 30, 8), 25),
  };
}

/// The other points of point i's graph, the nearest first, as the header says, apart from the library.
template <class T>
std::vector<std::int64_t> naive_order(const PointSet& set, std::size_t i, bool batched) {
  const auto at = [&](std::size_t j, std::int64_t c) {
    return T(set.points[j * std::size_t(set.dims) + std::size_t(c)]);
  };
  std::vector<std::pair<T, std::int64_t>> near;
  for (std::size_t j = 0; j < set.size(); ++j) {
    if (batched && set.graph[i] != set.graph[j]) continue;
    T sum = 0;
    for (std::int64_t c = 0; c < set.dims; ++c) {
      const T d = at(j, c) - at(i, c);
      sum = std::fma(d, d, sum);
    }
    near.emplace_back(sum, set.id[j]);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::int64_t> order;
  for (const auto& [distance, id] : near) order.push_back(id);
  return order;
}

/// Compares with the points of this rank.
void expect_nearest(const Graph& graph, const std::map<std::int64_t, std::vector<std::int64_t>>& order,
                    const KnnOptions& options, const std::string& what) {
  const EdgeList list = edge_list(graph);
  std::size_t e = 0;
  for (std::size_t row = 0; row < graph.node_id().size(); ++row) {
    const std::int64_t id = graph.node_id()[row];
    std::vector<std::int64_t> expected, sources;
    for (const std::int64_t other : order.at(id))
      if (std::int64_t(expected.size()) < options.k && (other != id || options.include_self)) expected.push_back(other);
    std::sort(expected.begin(), expected.end());
    for (; e < list.target_row.size() && std::size_t(list.target_row[e]) == row; ++e)
      sources.push_back(list.source_id[e]);
    ASSERT_EQ(sources, expected) << what << ", node " << id;
  }
  EXPECT_EQ(e, list.target_row.size()) << what;
}

TEST(Knn, IsBruteForceAndTheSameGraphOnAnyRanks) {
  const Communicator world(MPI_COMM_WORLD), self;
  for (const PointSet& set : point_sets())
    for (const DType dtype : {DType::f32, DType::f64}) {
      const PointBed bed = spread(world, set, dtype), alone = spread(self, set, dtype);
      for (const bool batched : {false, true}) {
        std::map<std::int64_t, std::vector<std::int64_t>> order;
        for (std::size_t i = 0; i < set.size(); ++i)
          if (std::count(bed.nodes.node_id().begin(), bed.nodes.node_id().end(), set.id[i]))
            order[set.id[i]] =
                dtype == DType::f32 ? naive_order<float>(set, i, batched) : naive_order<double>(set, i, batched);
        for (const KnnOptions& options :
             {KnnOptions{1, false}, KnnOptions{5, true}, KnnOptions{17, false}, KnnOptions{100000, true}}) {
          if (options.k > 1000 && set.size() > 300) continue;
          const std::string what = cat(set.name, " k = ", options.k, " ", name_of(dtype), batched ? " batched" : "");
          const auto build = [&](const PointBed& on) {
            return batched ? knn_graph(on.nodes, on.points, options, on.batch)
                           : knn_graph(on.nodes, on.points, options);
          };
          const Graph graph = build(bed);
          expect_nearest(graph, order, options, what);
          expect_same_graph(graph, world.rank() == 0 ? build(alone) : alone.nodes, what);
        }
      }
    }
}

TEST(Knn, DoesNotDependOnThreads) {
  const PointSet set = point_set("gaussian", 3, gaussian(3 * 2000, 11));
  const PointBed bed = spread(Communicator(MPI_COMM_WORLD), set, DType::f32);
  const auto once = all_sources(knn_graph(bed.nodes, bed.points, {9}));
  set_threads(3);
  const auto again = all_sources(knn_graph(bed.nodes, bed.points, {9}));
  set_threads(1);
  EXPECT_EQ(once, again);
}

TEST(Knn, RefusesWhatItCannotCompareOnAllRanks) {
  PointSet set = point_set("gaussian", 3, gaussian(3 * 40, 12));
  const Communicator world(MPI_COMM_WORLD);
  const PointBed bed = spread(world, set, DType::f64);
  EXPECT_THROW(knn_graph(bed.nodes, bed.points, {0}), UsageError);
  EXPECT_THROW(knn_graph(bed.nodes, Tensor::zeros(40, 3, DType::f64), {1}), UsageError);
  EXPECT_THROW(knn_graph(bed.nodes, bed.points, {1}, spread(world, set, DType::f64).batch), UsageError);
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    set.points[3 * 17 + 1] = value;
    const PointBed wrong = spread(world, set, DType::f64);
    EXPECT_THROW(knn_graph(wrong.nodes, wrong.points, {1}), UsageError);
  }
}

}  // namespace
}  // namespace halograph::testing
