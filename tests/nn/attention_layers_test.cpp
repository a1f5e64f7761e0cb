// SPDX-License-Identifier: BSD-3-Clause
// Edge convolutions, attention and principal neighbourhood aggregation under all their options against plain loops that
// follow the formulas; what they keep in memory; what they refuse.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include <halograph/autograd/tape.hpp>
#include <halograph/nn/conv/edge_conv.hpp>
#include <halograph/nn/conv/gat_conv.hpp>
#include <halograph/nn/conv/gatv2_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/softmax_aggregation.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

using ops::Aggregation;
using State = std::map<std::string, Array>;

constexpr GraphSize size{40, 200, 7};

template <class Layer>
State state_of(const Layer& layer) {
  State state;
  for (const NamedTensor& named : layer.state()) state[named.name] = to_array(named.value);
  return state;
}

/// x W^T + bias, which may be absent.
Array linear(const Array& x, const State& state, const std::string& name) {
  Array y = (x.matrix() * state.at(name + ".weight").matrix().transpose()).array();
  if (const auto bias = state.find(name + ".bias"); bias != state.end()) y.rowwise() += bias->second.row(0);
  return y;
}

void expect_near(const Array& found, const Array& expected) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.cols(), expected.cols());
  EXPECT_LE((found - expected).abs().maxCoeff(), 1e-12 * (1 + expected.abs().maxCoeff()));
}

struct Bed {
  Graph graph = make_graph(Communicator(), size, Device::preferred());
  Topology plain = topology(size);
  Tensor x = random_operand(graph, {Where::nodes, 4}, DType::f64, 1);
  Tensor e = random_operand(graph, {Where::edges, 3}, DType::f64, 2);
  Random random{3};
};

/// Edges with features, loops replaced as attention layers do.
struct Edges {
  std::vector<std::int64_t> target, source;
  Array features;
};

Edges attention_edges(const Bed& bed, bool loops) {
  Edges edges;
  const Topology& t = bed.plain;
  const Array given = to_array(bed.e);
  std::vector<Eigen::Index> kept;
  for (std::int64_t k = 0; k < t.edges(); ++k)
    if (!loops || t.source[std::size_t(k)] != t.target[std::size_t(k)]) kept.push_back(k);
  for (const Eigen::Index k : kept) {
    edges.target.push_back(t.target[std::size_t(k)]);
    edges.source.push_back(t.source[std::size_t(k)]);
  }
  edges.features = given(kept, Eigen::all);
  for (std::int64_t i = 0; loops && i < t.nodes; ++i) {
    Array mean = Array::Zero(1, given.cols());
    double count = 0;
    for (const Eigen::Index k : kept)
      if (t.target[std::size_t(k)] == i) {
        mean += given.row(k);
        ++count;
      }
    edges.target.push_back(i);
    edges.source.push_back(i);
    edges.features.conservativeResize(edges.features.rows() + 1, Eigen::NoChange);
    edges.features.bottomRows(1) = mean / std::max(count, 1.0);
  }
  return edges;
}

/// Attention with score(edge, head) and the values of sources, [n_nodes, heads * out].
Array attend(const Edges& edges, const nn::GATConvOptions& options, const State& state, const Array& x, const Array& z,
             const std::function<double(std::size_t, Eigen::Index)>& score) {
  const Eigen::Index heads = options.heads, width = options.out_channels;
  Array y = Array::Zero(x.rows(), heads * width);
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index h = 0; h < heads; ++h) {
      double below = 0, largest = -std::numeric_limits<double>::infinity();
      for (std::size_t e = 0; e < edges.target.size(); ++e)
        if (edges.target[e] == i) largest = std::max(largest, score(e, h));
      for (std::size_t e = 0; e < edges.target.size(); ++e)
        if (edges.target[e] == i) below += std::exp(score(e, h) - largest);
      for (std::size_t e = 0; e < edges.target.size(); ++e)
        if (edges.target[e] == i)
          y.block(i, h * width, 1, width) +=
              std::exp(score(e, h) - largest) / below * z.block(edges.source[e], h * width, 1, width);
    }
  if (!options.concat) {
    Array mean = Array::Zero(x.rows(), width);
    for (Eigen::Index h = 0; h < heads; ++h) mean += y.middleCols(h * width, width) / double(heads);
    y = mean;
  }
  if (options.residual) y += linear(x, state, "res");
  if (options.bias) y.rowwise() += state.at("bias").row(0);
  return y;
}

double leaky(double v, double slope) { return v > 0 ? v : slope * v; }

Array reference(const nn::Model<nn::GATConv>& layer, const nn::GATConvOptions& o, const Bed& bed) {
  const State state = state_of(layer);
  const Array x = to_array(bed.x), z = linear(x, state, "lin");
  const Edges edges = attention_edges(bed, o.add_self_loops);
  const Array codes = o.edge_dim > 0 ? linear(edges.features, state, "lin_edge") : Array();
  return attend(edges, o, state, x, z, [&](std::size_t e, Eigen::Index h) {
    double sum = 0;
    for (Eigen::Index c = 0; c < o.out_channels; ++c) {
      const Eigen::Index k = h * o.out_channels + c;
      sum += state.at("att_src")(h, c) * z(edges.source[e], k) + state.at("att_dst")(h, c) * z(edges.target[e], k);
      if (o.edge_dim > 0) sum += state.at("att_edge")(h, c) * codes(Eigen::Index(e), k);
    }
    return leaky(sum, o.negative_slope);
  });
}

Array reference(const nn::Model<nn::GATv2Conv>& layer, const nn::GATConvOptions& o, const Bed& bed) {
  const State state = state_of(layer);
  const Array x = to_array(bed.x), source = linear(x, state, "lin_l");
  const Array target = o.share_weights ? source : linear(x, state, "lin_r");
  const Edges edges = attention_edges(bed, o.add_self_loops);
  const Array codes = o.edge_dim > 0 ? linear(edges.features, state, "lin_edge") : Array();
  return attend(edges, o, state, x, source, [&](std::size_t e, Eigen::Index h) {
    double score = 0;
    for (Eigen::Index c = 0; c < o.out_channels; ++c) {
      const Eigen::Index k = h * o.out_channels + c;
      double sum = source(edges.source[e], k) + target(edges.target[e], k);
      if (o.edge_dim > 0) sum += codes(Eigen::Index(e), k);
      score += state.at("att")(h, c) * leaky(sum, o.negative_slope);
    }
    return score;
  });
}

/// Scores grow with x: exponentials of them overflow for a scale of 3000.
template <class Layer>
void check_attention(double scale) {
  Bed bed;
  bed.x = ops::scale_shift(bed.x, scale);
  for (int choice = 0; choice < 64; ++choice) {
    SCOPED_TRACE(choice);
    nn::GATConvOptions o{.in_channels = 4, .out_channels = 3};
    o.heads = choice & 1 ? 3 : 1;
    o.concat = choice & 2;
    o.add_self_loops = choice & 4;
    o.edge_dim = choice & 8 ? 3 : 0;
    o.bias = choice & 16;
    o.residual = choice & 32;
    o.negative_slope = 0.3;
    const auto layer = nn::make<Layer>(Scope(bed.random, DType::f64), o);
    expect_near(to_array(layer(bed.graph, bed.x, o.edge_dim > 0 ? bed.e : Tensor())), reference(layer, o, bed));
  }
}

TEST(GATConv, EqualsItsFormula) { check_attention<nn::GATConv>(1); }
TEST(GATv2Conv, EqualsItsFormula) { check_attention<nn::GATv2Conv>(1); }
TEST(GATConv, EqualsItsFormulaWithLargeScores) { check_attention<nn::GATConv>(3000); }
TEST(GATv2Conv, EqualsItsFormulaWithLargeScores) { check_attention<nn::GATv2Conv>(3000); }
TEST(GATv2Conv, SharesWeightsIfAsked) {
  const Bed bed;
  const nn::GATConvOptions o{.in_channels = 4, .out_channels = 3, .heads = 2, .share_weights = true};
  const auto layer = nn::make<nn::GATv2Conv>(Scope(bed.random, DType::f64), o);
  expect_near(to_array(layer(bed.graph, bed.x)), reference(layer, o, bed));
}

/// Nothing is dropped in evaluation; masks are the same for the same step, and leave the mean alone.
template <class Layer>
void check_dropout() {
  const Bed bed;
  const Layer layer(Scope(bed.random, DType::f64) / "a",
                    {.in_channels = 4, .out_channels = 1, .heads = 500, .dropout = 0.4, .bias = false});
  const Tensor before = layer(bed.graph, bed.x), again = layer(bed.graph, bed.x, {}, nn::Mode::evaluate());
  EXPECT_EQ(before.to_vector<double>(), again.to_vector<double>());
  const Tensor kept = layer(bed.graph, bed.x, {}, nn::Mode::train(1));
  EXPECT_EQ(kept.to_vector<double>(), layer(bed.graph, bed.x, {}, nn::Mode::train(1)).template to_vector<double>());
  EXPECT_NE(kept.to_vector<double>(), layer(bed.graph, bed.x, {}, nn::Mode::train(2)).template to_vector<double>());
  const double mean = to_array(before).mean(), spread = std::sqrt((to_array(kept) - to_array(before)).square().mean());
  EXPECT_NEAR(to_array(kept).mean(), mean, 5 * spread / std::sqrt(40.0 * 500));
  EXPECT_GT(spread, 0.01);
}

TEST(GATConv, DropsEdgesInTrainingOnly) { check_dropout<nn::GATConv>(); }
TEST(GATv2Conv, DropsEdgesInTrainingOnly) { check_dropout<nn::GATv2Conv>(); }

TEST(EdgeConv, EqualsItsFormula) {
  const Bed bed;
  for (const Aggregation aggr : {Aggregation::max, Aggregation::sum, Aggregation::mean, Aggregation::std})
    for (const std::vector<std::int64_t>& channels : {std::vector<std::int64_t>{8, 5}, {8, 7, 5}, {8, 7, 6, 5}})
      for (const bool norm : {false, true}) {
        const nn::SequentialOptions network{
            .channels = channels, .activation = ops::Activation::elu, .layer_norm = norm};
        const auto layer = nn::make<nn::EdgeConv>(Scope(bed.random, DType::f64) / "conv", {network, aggr});
        const auto whole = nn::make<nn::Mlp>(Scope(bed.random, DType::f64) / "conv.nn", network);
        const Tensor target = ops::gather_target(bed.graph, bed.x), source = ops::gather_source(bed.graph, bed.x);
        const Tensor messages = whole(ops::concatenate(Tensors{target, ops::subtract(source, target)}));
        expect_near(to_array(layer(bed.graph, bed.x)), to_array(ops::aggregate(bed.graph, messages, aggr)));
      }
}

/// Linear layers `name`.0, `name`.2, ... with tanh between.
Array network(Array x, const State& state, const std::string& name, std::int64_t layers) {
  for (std::int64_t k = 0; k < layers; ++k) {
    if (k > 0) x = x.tanh().eval();
    x = linear(x, state, name + "." + std::to_string(2 * k));
  }
  return x;
}

Array side_by_side(const std::vector<Array>& parts) {
  Array all(parts[0].rows(), 0);
  for (const Array& part : parts) {
    all.conservativeResize(Eigen::NoChange, all.cols() + part.cols());
    all.rightCols(part.cols()) = part;
  }
  return all;
}

Array reference(const nn::Model<nn::PNAConv>& layer, const nn::PNAConvOptions& o, const Bed& bed) {
  const State state = state_of(layer);
  const Topology& t = bed.plain;
  const Array x = to_array(bed.x);
  const Eigen::Index width = x.cols() / (o.divide_input ? o.towers : 1);
  const double mean_degree = state.at("aggr_module.avg_deg_lin")(0, 0),
               delta = state.at("aggr_module.avg_deg_log")(0, 0);
  std::vector<Array> outputs;
  for (std::int64_t tower = 0; tower < o.towers; ++tower) {
    const Array own = o.divide_input ? Array(x.middleCols(tower * width, width)) : x;
    std::vector<Array> ends{own(t.target, Eigen::all), own(t.source, Eigen::all)};
    if (o.edge_dim > 0) ends.push_back(linear(to_array(bed.e), state, "edge_encoder"));
    const Array m = network(side_by_side(ends), state, "pre_nns." + std::to_string(tower), o.pre_layers);
    const Tensor messages = Tensor::from(std::vector<double>(m.data(), m.data() + m.size()), m.rows(), m.cols(),
                                         DType::f64, bed.graph.edges(), Device::preferred());
    const Array a = to_array(ops::aggregate(bed.graph, messages, o.aggregators));
    std::vector<Array> columns{own};
    for (const nn::DegreeScaler scaler : o.scalers) {
      Array scaled = a;
      for (Eigen::Index i = 0; i < a.rows(); ++i) {
        const double d = double(std::count(t.target.begin(), t.target.end(), i)), one = std::max(d, 1.0);
        switch (scaler) {
          case nn::DegreeScaler::identity: break;
          case nn::DegreeScaler::amplification: scaled.row(i) *= std::log(d + 1) / delta; break;
          case nn::DegreeScaler::attenuation: scaled.row(i) *= delta / std::log(one + 1); break;
          case nn::DegreeScaler::linear: scaled.row(i) *= d / mean_degree; break;
          case nn::DegreeScaler::inverse_linear: scaled.row(i) *= mean_degree / one; break;
        }
      }
      columns.push_back(scaled);
    }
    outputs.push_back(network(side_by_side(columns), state, "post_nns." + std::to_string(tower), o.post_layers));
  }
  return linear(side_by_side(outputs), state, "lin");
}

TEST(PNAConv, EqualsItsFormula) {
  using enum nn::DegreeScaler;
  const Bed bed;
  for (int choice = 0; choice < 32; ++choice) {
    SCOPED_TRACE(choice);
    nn::PNAConvOptions o{.in_channels = 4, .out_channels = 6};
    o.aggregators = {Aggregation::mean, Aggregation::min, Aggregation::max, Aggregation::std};
    o.scalers = {identity, amplification, attenuation, linear, inverse_linear};
    o.deg = nn::degree_histogram(bed.graph);
    o.act = ops::Activation::tanh;
    o.towers = choice & 1 ? 2 : 1;
    o.divide_input = choice & 2;
    o.edge_dim = choice & 4 ? 3 : 0;
    o.pre_layers = choice & 8 ? 2 : 1;
    o.post_layers = choice & 16 ? 2 : 1;
    const auto layer = nn::make<nn::PNAConv>(Scope(bed.random, DType::f64), o);
    expect_near(to_array(layer(bed.graph, bed.x, o.edge_dim > 0 ? bed.e : Tensor())), reference(layer, o, bed));
  }
}

TEST(PNAConv, AveragesTheHistogram) {
  nn::PNAConvOptions o{
      .in_channels = 2, .out_channels = 2, .aggregators = {Aggregation::sum}, .scalers = {nn::DegreeScaler::linear}};
  o.deg = {1, 0, 3};
  const State state = state_of(nn::make<nn::PNAConv>(Scope(Random(1), DType::f64), o));
  EXPECT_NEAR(state.at("aggr_module.avg_deg_lin")(0, 0), 6.0 / 4, 1e-15);
  EXPECT_NEAR(state.at("aggr_module.avg_deg_log")(0, 0), 3 * std::log(3.0) / 4, 1e-15);
}

/// Bytes that forward and backward take on top of what there is.
std::int64_t peak_of(const std::function<Tensor()>& forward, const Tensor& by) {
  reset_memory_peak();
  const std::int64_t before = memory_use().live;
  grad(ops::sum(ops::square(forward())), std::vector{by});
  return memory_use().peak - before;
}

TEST(EdgeLayers, KeepNothingAsWideAsChannelsForEachEdge) {
  const Graph graph = make_graph(Communicator(), {50, 20000, 2}, Device::preferred());
  const Random random(1);
  const Tensor x = random_operand(graph, {Where::nodes, 64}, DType::f64, 1).set_requires_grad();
  const std::int64_t messages = graph.n_edges() * 64 * 8;
  const nn::GATConvOptions attention{.in_channels = 64, .out_channels = 64, .heads = 1};
  const auto gat = nn::make<nn::GATConv>(Scope(random, DType::f64) / "a", attention);
  EXPECT_LT(peak_of([&] { return gat(graph, x); }, x), messages / 3);
  const auto gat2 = nn::make<nn::GATv2Conv>(Scope(random, DType::f64) / "a", attention);
  EXPECT_LT(peak_of([&] { return gat2(graph, x); }, x), messages / 3);
  const auto edge_conv =
      nn::make<nn::EdgeConv>(Scope(random, DType::f64) / "a", {{.channels = {128, 64, 64}}, Aggregation::mean});
  EXPECT_LT(peak_of([&] { return edge_conv(graph, x); }, x), messages / 3);
}

/// The text of the UsageError.
std::string refused(const std::function<void()>& call) {
  try {
    call();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(EdgeLayers, RefuseBadOptions) {
  const Random random(1);
  const auto says = [](const std::function<void()>& call, const std::string& text) {
    EXPECT_NE(refused(call).find(text), std::string::npos) << refused(call);
  };
  says(
      [&] {
        nn::EdgeConv(Scope(random, DType::f64) / "c", {{.channels = {5, 3}}});
      },
      "EdgeConv c: nn begins with 5 channels");
  says([&] { nn::GATConv(Scope(random, DType::f64) / "g", {.in_channels = 4, .out_channels = 2, .heads = 0}); },
       "GATConv g: ");
  says(
      [&] {
        nn::GATConv(Scope(random, DType::f64) / "g", {.in_channels = 4, .out_channels = 2, .share_weights = true});
      },
      "share_weights is an option of GATv2Conv");
  says([&] { nn::GATv2Conv(Scope(random, DType::f64) / "g", {.in_channels = 4, .out_channels = 2, .edge_dim = -1}); },
       "edge_dim is -1");
  nn::PNAConvOptions o{
      .in_channels = 4, .out_channels = 6, .aggregators = {Aggregation::sum}, .scalers = {nn::DegreeScaler::identity}};
  says([&] { nn::PNAConv(Scope(random, DType::f64) / "p", o); }, "PNAConv p: deg counts 0 nodes");
  o.deg = {1};
  o.towers = 4;
  says([&] { nn::PNAConv(Scope(random, DType::f64) / "p", o); }, "4 towers; expected a divisor of out_channels, 6");
  says([&] { nn::SoftmaxAggregation(Scope(Random(0), DType::f64) / "s", {.channels = 3}); }, "only a learnt t");
  says([] { ops::parse_aggregation("median"); }, "'median' is not one of sum, add, mean");
  says([] { nn::parse_degree_scaler("log"); }, "'log' is not one of identity");
  const Bed bed;
  const auto gat =
      nn::make<nn::GATConv>(Scope(random, DType::f64) / "g", {.in_channels = 4, .out_channels = 2, .edge_dim = 3});
  says([&] { gat(bed.graph, bed.x); }, "GATConv g: edge_attr is ");
  says([&] { gat(bed.graph, bed.e, bed.e); }, "GATConv g: x is ");
}

TEST(Aggregations, GoByTheirNames) {
  for (const Aggregation a : {Aggregation::sum, Aggregation::mean, Aggregation::max, Aggregation::min, Aggregation::mul,
                              Aggregation::var, Aggregation::std, Aggregation::softmax})
    EXPECT_EQ(ops::parse_aggregation(ops::name_of(a)), a);
  EXPECT_EQ(ops::parse_aggregation("add"), Aggregation::sum);
  EXPECT_EQ(nn::name_of(nn::parse_degree_scaler("inverse_linear")), "inverse_linear");
}

TEST(Activations, LeakyReluLeavesPositiveValuesAlone) {
  const std::vector<double> values{1e-30, 1.0 / 3, 7.1, 1e300, -2, 0};
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor x = Tensor::from(values, 1, 6, dtype).set_requires_grad();
    const std::vector<double> y = ops::leaky_relu(x, 0.2).to_vector<double>(), given = x.to_vector<double>();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(y[i], given[i]);
    EXPECT_NEAR(y[4], -0.4, 1e-7);
    EXPECT_EQ(grad(ops::sum(ops::leaky_relu(x, 0.2)), std::vector{x})[0].to_vector<double>()[0], 1);
  }
}

}  // namespace
}  // namespace halograph::testing
