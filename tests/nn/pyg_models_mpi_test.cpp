// SPDX-License-Identifier: BSD-3-Clause
// Models that were trained in PyTorch Geometric (tests/data/pyg_models.py), loaded by name: they give its outputs in
// double and in single precision. The outputs in the files are of double precision, whatever the weights are.
#include <gtest/gtest.h>

#include <halograph/halograph.hpp>

#include "tests/support/golden/pyg_fixture.hpp"

namespace halograph::testing {
namespace {

const Random random_start(1);  // overwritten by what is loaded

class PygModel : public ::testing::TestWithParam<DType> {
 protected:
  void expect_same(const PygFixture& fixture, const Tensor& result, const std::string& data = "y") const {
    const double error = fixture.error(result, data);
    EXPECT_LE(error, GetParam() == DType::f64 ? 1e-10 : 2e-5) << data;
    if (world.rank() == 0) std::printf("  %s: %.1e\n", data.c_str(), error);
  }
  Communicator world = Communicator(MPI_COMM_WORLD);
};

TEST_P(PygModel, OfConvolutions) {
  const PygFixture fixture(world, "convolution", GetParam());
  const Scope scope(random_start, GetParam());
  const Graph& graph = fixture.graph();
  const nn::GCNConv conv1(scope / "conv1", {.in_channels = 16, .out_channels = 16});
  const nn::GraphConv conv2(scope / "conv2", {.in_channels = 16, .out_channels = 12, .aggr = ops::Aggregation::mean});
  const nn::Linear lin(scope / "lin", 12, 2);
  fixture.load(scope.state());

  const Tensor weight = fixture.edges("edge_weight");
  const Tensor x = ops::relu(conv1(graph, fixture.nodes("x"), weight));
  const Tensor h = ops::relu(conv2(graph, x, weight));
  expect_same(fixture, lin(nn::global_mean_pool(fixture.parts("batch", 5), h)));
}

TEST_P(PygModel, OfAttentionAndEdges) {
  const PygFixture fixture(world, "attention", GetParam());
  const Scope scope(random_start, GetParam());
  const Graph& graph = fixture.graph();
  const nn::GATv2Conv conv1(scope / "conv1", {.in_channels = 6, .out_channels = 8, .heads = 2, .edge_dim = 3});
  const nn::EdgeConv conv2(scope / "conv2", {.nn = {.channels = {32, 16, 10}}, .aggr = ops::Aggregation::max});
  const nn::Linear lin(scope / "lin", 10, 1);
  fixture.load(scope.state());

  const Tensor x = ops::elu(conv1(graph, fixture.nodes("x"), fixture.edges("edge_attr")));
  expect_same(fixture, lin(conv2(graph, x)));
}

TEST_P(PygModel, OfGatesManyAggregatorsAndBatchNorm) {
  const PygFixture fixture(world, "gated", GetParam());
  const Scope scope(random_start, GetParam());
  const Graph& graph = fixture.graph();
  nn::PNAConvOptions pna;
  pna.in_channels = 12;
  pna.out_channels = 8;
  pna.aggregators = {ops::Aggregation::mean, ops::Aggregation::min, ops::Aggregation::max, ops::Aggregation::std};
  pna.scalers = {nn::DegreeScaler::identity, nn::DegreeScaler::amplification, nn::DegreeScaler::attenuation};
  pna.deg = fixture.degrees();
  const nn::GatedGraphConv conv1(scope / "conv1", {.out_channels = 12, .num_layers = 3});
  const nn::PNAConv conv2(scope / "conv2", pna);
  const nn::BatchNorm norm(scope / "norm", {.in_channels = 8});
  const nn::Linear lin(scope / "lin", 8, 2);
  fixture.load(scope.state());

  const Tensor x = conv2(graph, conv1(graph, fixture.nodes("x")));
  expect_same(fixture, lin(ops::relu(norm(x, nn::Mode::evaluate()))));
}

TEST_P(PygModel, OfPointsWithTheirNeighbours) {
  const PygFixture fixture(world, "points", GetParam());
  const Scope scope(random_start, GetParam());
  const Graph& graph = fixture.graph();
  const nn::GravNetConv conv1(
      scope / "conv1", {.in_channels = 5, .out_channels = 8, .space_dimensions = 3, .propagate_dimensions = 4, .k = 6});
  const nn::DynamicEdgeConv conv2(scope / "conv2", {.nn = {.channels = {16, 16, 8}}, .k = 5});
  const nn::Linear lin(scope / "lin", 8, 1);
  fixture.load(scope.state());

  const Batch batch = fixture.parts("batch", 3);
  expect_same(fixture, lin(conv2(graph, batch, ops::relu(conv1(graph, batch, fixture.nodes("x"))))));
}

TEST_P(PygModel, OfAtoms) {
  const PygFixture fixture(world, "schnet", GetParam());
  const Scope scope(random_start, GetParam());
  nn::SchNetOptions options;
  options.hidden_channels = 16;
  options.num_filters = 12;
  options.num_interactions = 2;
  options.num_gaussians = 10;
  options.cutoff = 2.5;
  const nn::SchNet model(scope, options);
  fixture.load(scope.state());

  const Batch batch = fixture.parts("batch", 4);
  const Kinds z(fixture.parts("z", options.max_z));
  Tensor pos = fixture.nodes("pos");
  pos.set_requires_grad();
  const Tensor energy = model(fixture.graph(), batch, z, pos);
  expect_same(fixture, energy);
  expect_same(fixture, ops::negate(grad(ops::sum(energy), {&pos, 1})[0]), "forces");
}

INSTANTIATE_TEST_SUITE_P(InPrecision, PygModel, ::testing::Values(DType::f64, DType::f32),
                         [](const auto& info) { return info.param == DType::f64 ? "Double" : "Single"; });

}  // namespace
}  // namespace halograph::testing
