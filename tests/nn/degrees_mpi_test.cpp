// SPDX-License-Identifier: BSD-3-Clause
// Layers that divide by degrees or take their roots: a degree that they have no value for is an error on all ranks
// alike that names the node; nodes without edges and graphs without nodes have values.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include <halograph/core/error.hpp>
#include <halograph/nn/conv/appnp.hpp>
#include <halograph/nn/conv/cheb_conv.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/nn/conv/sg_conv.hpp>
#include <halograph/nn/conv/tag_conv.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/nn/norm/graph_norm.hpp>
#include <halograph/nn/norm/layer_norm.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/layer_cases/layer_bed.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

struct Bed {
  Graph graph = make_graph(Communicator(MPI_COMM_WORLD), size, Device::preferred());
  Tensor x = random_operand(graph, {Where::nodes, 4}, DType::f64, 1);
  std::int64_t negative = 0;  ///< id of the only node with a negative degree
  Tensor weight = weights();

  /// 1, but -3 into and out of one node with three in-edges or more.
  Tensor weights() {
    const std::vector<std::int32_t> offset = graph.edge_offset().to_vector();
    std::int64_t found = std::numeric_limits<std::int64_t>::max();
    for (std::size_t r = 0; r + 1 < offset.size(); ++r)
      if (offset[r + 1] - offset[r] >= 3) found = std::min(found, graph.node_id()[r]);
    negative = graph.comm().min(found);
    std::vector<double> values(std::size_t(graph.n_edges()), 1);
    for (std::size_t r = 0; r + 1 < offset.size(); ++r)
      if (graph.node_id()[r] == negative) std::fill(values.begin() + offset[r], values.begin() + offset[r + 1], -3);
    return Tensor::from(values, graph.n_edges(), 1, DType::f64, graph.edges(), graph.device());
  }
};

template <class Call>
void expect_refused(const Bed& bed, const std::string& layer, const std::string& node, const Call& call) {
  try {
    call();
    ADD_FAILURE() << layer << " took a negative degree";
  } catch (const UsageError& error) {
    for (const std::string& word : {layer, node, std::string("degree -")})
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << word << " in: " << error.what();
    EXPECT_EQ(bed.graph.comm().all_gather(std::hash<std::string>()(error.what())),
              std::vector<std::size_t>(std::size_t(bed.graph.comm().size()), std::hash<std::string>()(error.what())));
  }
}

bool finite(const Tensor& x) { return to_array(x).isFinite().all(); }

TEST(Degrees, ThatAreNegativeAreNamed) {
  const Bed bed;
  const Random random(3);
  const std::string node = cat("node ", bed.negative, " ");
  const nn::GCNConv gcn(Scope(random, DType::f64) / "first", {.in_channels = 4, .out_channels = 2});
  const nn::TAGConv tag(Scope(random, DType::f64) / "second", {.in_channels = 4, .out_channels = 2});
  const nn::SGConv sg(Scope(random, DType::f64) / "third", {.in_channels = 4, .out_channels = 2});
  const nn::APPNP appnp({});
  expect_refused(bed, "GCNConv first", node, [&] { gcn(bed.graph, bed.x, bed.weight); });
  expect_refused(bed, "TAGConv second", node, [&] { tag(bed.graph, bed.x, bed.weight); });
  expect_refused(bed, "SGConv with third", node, [&] { sg(bed.graph, bed.x, bed.weight); });
  expect_refused(bed, "APPNP", node, [&] { appnp(bed.graph, bed.x, bed.weight); });
  // Out-edges count there: other nodes are negative, the first of them is named.
  const nn::ChebConv cheb(Scope(random, DType::f64) / "fourth", {.in_channels = 4, .out_channels = 2, .K = 3});
  expect_refused(bed, "ChebConv fourth", "node ", [&] { cheb(bed.graph, bed.x, bed.weight); });
  // Without normalisation, without weights, and where a degree is exactly 0 there is a value.
  const nn::GCNConv plain(Scope(random, DType::f64), {.in_channels = 4, .out_channels = 2, .normalize = false});
  EXPECT_TRUE(finite(plain(bed.graph, bed.x, bed.weight)));
  EXPECT_TRUE(finite(gcn(bed.graph, bed.x)));
  EXPECT_TRUE(finite(tag(bed.graph, bed.x, Tensor::zeros(bed.graph.n_edges(), 1, DType::f64, bed.graph.edges()))));
}

TEST(Degrees, OfAHistogramWithoutEdgesAreRefused) {
  nn::PNAConvOptions options{.in_channels = 4, .out_channels = 2};
  options.aggregators = {ops::Aggregation::mean};
  options.deg = {40};
  for (const auto scaler : {nn::DegreeScaler::amplification, nn::DegreeScaler::attenuation, nn::DegreeScaler::linear,
                            nn::DegreeScaler::inverse_linear}) {
    options.scalers = {nn::DegreeScaler::identity, scaler};
    try {
      nn::PNAConv(Scope(Random(1), DType::f64) / "pna", options);
      ADD_FAILURE() << "a mean degree of 0 was taken";
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find("PNAConv pna: deg counts 40 nodes, all of in-degree 0"),
                std::string::npos)
          << error.what();
    }
  }
  options.scalers = {nn::DegreeScaler::identity};
  const Bed bed;
  EXPECT_TRUE(finite(nn::PNAConv(Scope(Random(1), DType::f64) / "pna", options)(bed.graph, bed.x)));
}

/// The bed of layers has isolated nodes, an empty patch, an empty graph, edges of length 0 and, here, one value for
/// all.
TEST(Degrees, ThatAreZeroHaveAValueInEveryLayer) {
  const SpreadLayerBed spread = make_layer_bed(Communicator(MPI_COMM_WORLD), size, Device::preferred());
  for (const LayerCase& layer_case : layer_cases()) {
    Tensors inputs = layer_inputs(spread, layer_case, DType::f64);
    for (Tensor& input : inputs) input.assign(std::vector<double>(std::size_t(input.rows() * input.cols()), 0.5));
    for (const Tensor& y : layer_case.build(spread.bed, DType::f64, Random(7)).forward(inputs))
      EXPECT_TRUE(finite(y)) << layer_case.name;
  }
}

TEST(Norms, NeedSomethingToDivideBy) {
  EXPECT_THROW(nn::BatchNorm(Scope(Random(0), DType::f64) / "n", {.in_channels = 4, .eps = 0}), UsageError);
  EXPECT_THROW(nn::LayerNorm(Scope(Random(0), DType::f64) / "n", {.in_channels = 4, .eps = -1}), UsageError);
  EXPECT_THROW(nn::GraphNorm(Scope(Random(0), DType::f64) / "n", {.in_channels = 4, .eps = 0}), UsageError);
  EXPECT_THROW(ops::mean(Tensor::zeros(0, 3, DType::f64)), UsageError);
  EXPECT_THROW(ops::mean(Tensor::zeros(3, 0, DType::f64)), UsageError);
}

}  // namespace
}  // namespace halograph::testing
