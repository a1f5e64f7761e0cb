// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include <halograph/data/edge_features.hpp>
#include <halograph/graph/box.hpp>
#include <halograph/graph/distribute.hpp>
#include <halograph/graph/partition.hpp>

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

TEST(EdgeFeatures, PeriodicBox) { check({{2, 3, 2}, 2, {true, true, true}}); }
TEST(EdgeFeatures, BoxWithWalls) { check({{2, 2, 1}, 3, {false, true, false}}); }

}  // namespace
}  // namespace halograph
