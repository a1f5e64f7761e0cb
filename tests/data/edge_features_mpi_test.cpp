// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <vector>

#include <halograph/data/edge_features.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/partition.hpp>

namespace halograph {
namespace {

using Features = std::map<std::int64_t, std::vector<double>>;  // by edge id

/// Straight from the definition, on the undistributed graph.
Features expected(const GraphSlab& whole) {
  const int d = whole.dimension;
  Features all;
  double longest = 0;
  for (std::size_t e = 0; e < whole.edge_id.size(); ++e) {
    std::vector<double> feature;
    double square = 0;
    for (int k = 0; k < d; ++k) {
      const double length = whole.period[std::size_t(k)];
      const double plain = whole.position[std::size_t(whole.edge_source[e]) * std::size_t(d) + std::size_t(k)] -
                           whole.position[std::size_t(whole.edge_target[e]) * std::size_t(d) + std::size_t(k)];
      double best = plain;
      for (const double image : {plain - length, plain + length})
        if (length > 0 && std::abs(image) < std::abs(best)) best = image;
      feature.push_back(best);
      square += best * best;
    }
    feature.push_back(std::sqrt(square));
    longest = std::max(longest, feature.back());
    all[whole.edge_id[e]] = feature;
  }
  for (auto& [id, feature] : all)
    for (double& value : feature) value /= longest;
  return all;
}

void check(const BoxOptions& box) {
  const Communicator comm(MPI_COMM_WORLD);
  GraphSlab slab = spectral_box(box, comm.rank(), comm.size());
  partition(comm, slab, coordinate_bisection({7}));
  const DistributedGraph d = distribute(comm, slab);
  const auto position = d.nodes.forward(slab.position, 3);
  const Tensor f64 = data::edge_features(d.graph, position, 3, slab.period, DType::f64);
  const Tensor f32 = data::edge_features(d.graph, position, 3, slab.period, DType::f32);
  const auto wide = d.edges.backward(f64.to_vector<double>(), 4);
  const auto narrow = d.edges.backward(f32.to_vector<float>(), 4);
  const Features reference = expected(spectral_box(box, 0, 1));
  for (std::size_t e = 0; e < slab.edge_id.size(); ++e)
    for (std::size_t k = 0; k < 4; ++k) {
      const double value = reference.at(slab.edge_id[e])[k];
      EXPECT_NEAR(wide[4 * e + k], value, 1e-14);
      EXPECT_EQ(narrow[4 * e + k], float(wide[4 * e + k]));
    }
}

/// Features and scale of a box whose coordinates are multiplied by `factor` and moved by `shift`.
struct Stretched {
  double scale;
  std::vector<double> own, given;  ///< divided by the graph's own scale; by 0.25

  Stretched(double factor, double shift) {
    const Communicator comm(MPI_COMM_WORLD);
    GraphSlab slab = spectral_box({{2, 2, 1}, 2, {false, false, false}}, comm.rank(), comm.size());
    for (double& x : slab.position) x = factor * x + shift;
    partition(comm, slab, given_patches);
    const DistributedGraph d = distribute(comm, slab);
    const auto position = d.nodes.forward(slab.position, 3);
    scale = data::length_scale(d.graph, position, 3, slab.period);
    own = data::edge_features(d.graph, position, 3, slab.period, DType::f64).to_vector<double>();
    given = data::edge_features(d.graph, position, 3, slab.period, DType::f64, 0.25).to_vector<double>();
  }
  static inline const Partitioner given_patches = coordinate_bisection({7});
};

TEST(EdgeFeatures, TheScaleIsTheLongestEdgeOrTheOneGiven) {
  const Stretched one(1, 0), ten(10, 0);
  const double longest = std::numbers::pi;  // two elements of order 2 along [-pi, pi], one along z
  EXPECT_NEAR(one.scale, longest, 1e-14);
  EXPECT_NEAR(ten.scale, 10 * longest, 1e-13);
  for (std::size_t i = 0; i < one.own.size(); ++i) {
    EXPECT_NEAR(ten.own[i], one.own[i], 1e-14);
    EXPECT_NEAR(one.given[i], 4 * longest * one.own[i], 1e-13);
    EXPECT_NEAR(ten.given[i], 40 * longest * one.own[i], 1e-12);
  }
}

TEST(EdgeFeatures, EdgesThatAreOnlyRoundingAreNotBlownUp) {
  for (const Stretched& at : {Stretched(0, 5), Stretched(1e-16, 5), Stretched(1e-12, 1e3)}) {
    EXPECT_EQ(at.scale, 1);
    for (const double value : at.own) EXPECT_NEAR(value, 0, 1e-11);
  }
  EXPECT_NEAR(Stretched(1e-9, 5).scale, 1e-9 * std::numbers::pi, 1e-14);
}

TEST(EdgeFeatures, RefusesAScaleThatIsNoLength) {
  const Communicator alone(MPI_COMM_SELF);
  GraphSlab slab = spectral_box({{1, 1, 1}, 1, {false, false, false}}, 0, 1);
  partition(alone, slab, coordinate_bisection({1}));
  const DistributedGraph d = distribute(alone, slab);
  const auto position = d.nodes.forward(slab.position, 3);
  for (const double scale : {-1.0, std::nan(""), HUGE_VAL})
    EXPECT_THROW(data::edge_features(d.graph, position, 3, slab.period, DType::f64, scale), UsageError);
}

TEST(EdgeFeatures, PeriodicBox) { check({{2, 3, 2}, 2, {true, true, true}}); }
TEST(EdgeFeatures, BoxWithWalls) { check({{2, 2, 1}, 3, {false, true, false}}); }

}  // namespace
}  // namespace halograph
