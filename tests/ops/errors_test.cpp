// SPDX-License-Identifier: BSD-3-Clause
// Operands that do not fit are refused, with both shapes in the message.
#include <gtest/gtest.h>

#include <functional>

#include <halograph/core/error.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/composed.hpp"
#include "tests/support/op_cases/op_cases.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

Tensor whole(std::int64_t rows, std::int64_t cols, DType dtype = DType::f32) {
  return Tensor::zeros(rows, cols, dtype, nullptr, Device::host());
}

TEST(OpErrors, ShapesThatDoNotFit) {
  const Tensor a = whole(4, 3), b = whole(4, 2), c = whole(5, 3);
  for (const auto op : {ops::add, ops::subtract, ops::multiply, ops::divide}) {
    expect_refusal([&] { return op(a, b); }, {"[4, 3]", "[4, 2]"});
    expect_refusal([&] { return op(a, c); }, {"[4, 3]", "[5, 3]"});
    expect_refusal([&] { return op(a, Tensor()); }, {"undefined"});
  }
  expect_refusal([&] { return ops::linear(a, whole(5, 4)); }, {"[5, 4]", "3"});
  expect_refusal([&] { return ops::linear(a, whole(5, 3), whole(1, 4)); }, {"[1, 4]", "5"});
  expect_refusal([&] { return ops::linear(Tensors{a, c}, whole(5, 6)); }, {"[4, 3]", "[5, 3]"});
  expect_refusal([&] { return ops::linear(Tensors{a, a, a, a, a}, whole(5, 15)); }, {"5 inputs", "4"});
  expect_refusal([&] { return ops::linear(Tensors{}, whole(5, 15)); }, {"0 inputs"});
  expect_refusal([&] { return ops::product(a, whole(4, 2)); }, {"[4, 3]", "[4, 2]"});
  expect_refusal([&] { return ops::outer(a, c); }, {"[4, 3]", "[5, 3]"});
  expect_refusal([&] { return ops::layer_norm(a, whole(1, 2), whole(1, 2)); }, {"[4, 3]", "[1, 2]"});
  expect_refusal([&] { return ops::layer_norm(a, whole(1, 3), {}); }, {"together"});
  expect_refusal([&] { return ops::concatenate(Tensors{a, c}); }, {"[4, 3]", "[5, 3]"});
  expect_refusal([&] { return ops::concatenate(Tensors{}); }, {"nothing"});
  expect_refusal([&] { return ops::slice_columns(a, 2, 2); }, {"[4, 3]", "[2, 4)"});
  expect_refusal([&] { return ops::pad_columns(a, 2, 4); }, {"[4, 3]", "4"});
  expect_refusal([&] { return ops::repeat_column(a, 4); }, {"[4, 3]"});
  expect_refusal([&] { return ops::repeat_row(a, c); }, {"[4, 3]"});
  expect_refusal([&] { return ops::activation_slope_product(ops::Activation::tanh, a, b); }, {"[4, 3]", "[4, 2]"});
  expect_refusal([&] { return ops::activation_slope_product(ops::Activation::identity, a, a); }, {"identity"});
}

TEST(OpErrors, UndefinedOperands) {
  for (const auto op : {ops::identity, ops::negate, ops::square, ops::tanh, ops::silu, ops::gelu, ops::sum_columns,
                        ops::sum_rows, ops::sum, ops::mean, ops::max_rows})
    expect_refusal([&] { return op(Tensor()); }, {"undefined"});
  expect_refusal([&] { return ops::scale_shift(Tensor(), 2); }, {"undefined"});
  expect_refusal([&] { return ops::cast(Tensor(), DType::f64); }, {"undefined"});
  expect_refusal([&] { return ops::slice_columns(Tensor(), 0, 1); }, {"undefined"});
  expect_refusal([&] { return ops::pad_columns(Tensor(), 0, 1); }, {"undefined"});
  expect_refusal([&] { return ops::repeat_column(Tensor(), 1); }, {"undefined"});
  expect_refusal([&] { return ops::repeat_row(Tensor(), whole(1, 1)); }, {"undefined"});
  expect_refusal([&] { return ops::layer_norm(Tensor(), {}, {}); }, {"undefined"});
  expect_refusal([&] { return ops::linear(Tensor(), whole(1, 1)); }, {"undefined"});
}

TEST(OpErrors, NumericTypesThatDiffer) {
  const Tensor a = whole(4, 3), b = whole(4, 3, DType::f64);
  expect_refusal([&] { return ops::add(a, b); }, {"f32", "f64"});
  expect_refusal([&] { return ops::linear(a, whole(5, 3, DType::f64)); }, {"f32", "f64"});
  expect_refusal([&] { return ops::linear(a, whole(5, 3), whole(1, 5, DType::f64)); }, {"f32", "f64"});
  expect_refusal([&] { return ops::outer(a, b); }, {"f32", "f64"});
  expect_refusal([&] { return ops::layer_norm(a, whole(1, 3, DType::f64), whole(1, 3, DType::f64)); }, {"f32", "f64"});
  expect_refusal([&] { return ops::concatenate(Tensors{a, b}); }, {"f32", "f64"});
}

TEST(OpErrors, DevicesThatDiffer) {
  const Tensor here = whole(4, 3), there = Tensor::zeros(4, 3, DType::f32, nullptr, Device::guarded());
  expect_refusal([&] { return ops::add(here, there); }, {"host", "guarded"});
}

TEST(OpErrors, RowsOfAnotherKind) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  const auto rows = [](const RowSpacePtr& space, std::int64_t cols) {
    return Tensor::zeros(space->local_rows(), cols, DType::f32, space, Device::host());
  };
  const Tensor nodes = rows(graph.nodes(), 3), edges = rows(graph.edges(), 3), ghosts = rows(graph.ghosts(), 3);
  expect_refusal([&] { return ops::add(nodes, edges); }, {"[40, 3]", "[200, 3]"});
  expect_refusal([&] { return ops::add(nodes, whole(40, 3)); }, {"replicated", "partitioned"});
  expect_refusal([&] { return ops::linear(Tensors{nodes, whole(40, 3)}, whole(5, 6)); }, {"replicated", "partitioned"});
  expect_refusal([&] { return ops::linear(nodes, nodes); }, {"partitioned"});
  expect_refusal([&] { return ops::gather_target(graph, edges); }, {"nodes", "[200, 3]"});
  expect_refusal([&] { return ops::gather_source(graph, nodes, edges); }, {"ghosts", "[200, 3]"});
  expect_refusal([&] { return ops::halo(graph, edges); }, {"nodes", "[200, 3]"});
  expect_refusal([&] { return ops::halo_adjoint(graph, nodes); }, {"ghosts", "[40, 3]"});
  expect_refusal([&] { return ops::segment_mean(graph, Tensor()); }, {"undefined"});
  for (const auto op :
       {ops::segment_sum, ops::segment_mean, ops::segment_max, ops::segment_min, ops::source_sum, ops::ghost_sum})
    expect_refusal([&] { return op(graph, nodes); }, {"edges", "[40, 3]"});
  expect_refusal([&] { return ops::edge_linear(graph, nodes, nodes, ghosts, edges, whole(3, 4)); },
                 {"[3, 4]", "[200, 3]"});
  expect_refusal([&] { return nodes.item() > 0 ? nodes : edges; }, {"[40, 3]"});
}

/// Both forms of the perceptron, and networks that have no fused form, refuse alike.
void expect_refused_mlp(const Tensors& inputs, const ops::MlpLayers& layers, std::vector<std::string> parts) {
  parts.push_back("mlp: ");
  for (const ops::Activation activation : {ops::Activation::elu, ops::Activation::gelu}) {
    ops::MlpLayers given = layers;
    given.activation = activation;
    for (const auto mlp : {ops::mlp, ops::composed_mlp}) expect_refusal([&] { return mlp(inputs, given); }, parts);
  }
}

TEST(OpErrors, Perceptrons) {
  const Tensor x = whole(4, 3);
  const ops::MlpLayers good{.weight = {whole(5, 3), whole(3, 5)},
                            .bias = {whole(1, 5), whole(1, 3)},
                            .layer_norm = true,
                            .norm_weight = whole(1, 3),
                            .norm_bias = whole(1, 3),
                            .residual = true};
  EXPECT_EQ(ops::mlp(Tensors{x}, good).cols(), 3);
  const auto refused = [&](const Tensors& inputs, const std::vector<std::string>& parts, const auto& change) {
    ops::MlpLayers layers = good;
    change(layers);
    expect_refused_mlp(inputs, layers, parts);
  };
  const auto nothing = [](ops::MlpLayers&) {};
  refused({}, {"no inputs"}, nothing);
  refused({Tensor()}, {"undefined"}, nothing);
  refused({x, Tensor()}, {"undefined"}, nothing);
  refused({x, whole(5, 1)}, {"[4, 3]", "[5, 1]"}, nothing);
  refused({whole(4, 2)}, {"weight 0", "[5, 3]", "2 channels"}, nothing);
  refused({whole(4, 2), whole(4, 1)}, {"residual", "[4, 2]", "3 channels"}, nothing);
  refused({whole(4, 3, DType::f64)}, {"f32", "f64"}, nothing);
  refused({x}, {"0 weights", "2 biases"}, [](auto& l) { l.weight.clear(); });
  refused({x}, {"2 weights", "1 biases"}, [](auto& l) { l.bias.pop_back(); });
  refused({x}, {"undefined"}, [](auto& l) { l.weight[1] = Tensor(); });
  refused({x}, {"weight 1", "[3, 4]", "5 channels"}, [](auto& l) { l.weight[1] = whole(3, 4); });
  refused({x}, {"f32", "f64"}, [](auto& l) { l.weight[1] = whole(3, 5, DType::f64); });
  refused({x}, {"bias 0", "[1, 3]", "5 channels"}, [](auto& l) { l.bias[0] = whole(1, 3); });
  refused({x}, {"bias 1", "[2, 3]", "3 channels"}, [](auto& l) { l.bias[1] = whole(2, 3); });
  refused({x}, {"f32", "f64"}, [](auto& l) { l.bias[1] = whole(1, 3, DType::f64); });
  refused({x}, {"together"}, [](auto& l) { l.norm_bias = Tensor(); });
  refused({x}, {"together"}, [](auto& l) { l.norm_weight = Tensor(); });
  refused({x}, {"[1, 5]", "norm of 3 channels"}, [](auto& l) { l.norm_bias = whole(1, 5); });
  refused({x}, {"norm"}, [](auto& l) { l.layer_norm = false; });
}

TEST(OpErrors, PerceptronsOnEdges) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  const auto rows = [](const RowSpacePtr& space, std::int64_t cols, DType dtype = DType::f32) {
    return Tensor::zeros(space->local_rows(), cols, dtype, space, Device::host());
  };
  const Tensor nodes = rows(graph.nodes(), 5), ghosts = rows(graph.ghosts(), 5), edges = rows(graph.edges(), 3);
  const Tensors good{nodes, nodes, ghosts, edges};
  ops::MlpLayers layers;
  layers.weight = {whole(5, 3), whole(3, 5)};
  layers.bias = {Tensor(), whole(1, 3)};
  layers.residual = true;
  EXPECT_EQ(ops::edge_mlp(graph, nodes, nodes, ghosts, edges, layers).sum.cols(), 3);
  const auto refused = [&](const Tensors& x, ops::MlpLayers given, std::vector<std::string> parts,
                           const ops::EdgeMlpOptions& options = {}) {
    parts.push_back("edge_mlp: ");
    for (const ops::Activation activation : {ops::Activation::elu, ops::Activation::gelu}) {
      given.activation = activation;
      for (const auto mlp : {ops::edge_mlp, ops::composed_edge_mlp})
        expect_refusal([&] { return mlp(graph, x[0], x[1], x[2], x[3], given, options).edges; }, parts);
    }
  };
  const auto instead = [&](std::size_t i, const Tensor& wrong) {
    Tensors x = good;
    x[i] = wrong;
    return x;
  };
  refused(instead(0, edges), layers, {"nodes", "[200, 3]"});
  refused(instead(1, ghosts), layers, {"nodes", ghosts.describe()});
  refused(instead(2, nodes), layers, {"ghosts", "[40, 5]"});
  refused(instead(3, whole(200, 3)), layers, {"edges", "replicated"});
  for (const std::size_t i : {0, 1, 2, 3}) refused(instead(i, Tensor()), layers, {"undefined"});
  refused(instead(1, rows(graph.nodes(), 5, DType::f64)), layers, {"f32", "f64"});
  refused(instead(0, rows(graph.nodes(), 4)), layers, {"target [40, 4]", "5 channels"});
  refused(instead(1, rows(graph.nodes(), 4)), layers, {"source [40, 4]", "5 channels"});
  refused(instead(2, rows(graph.ghosts(), 4)), layers, {"4]", "5 channels"});
  refused(instead(3, rows(graph.edges(), 4)), layers, {"weight 0", "[5, 3]", "4 channels"});
  refused(good, layers, {"neither rows nor sums"}, {false, false});
  ops::MlpLayers other = layers;
  other.bias[0] = whole(1, 5);
  refused(good, other, {"first bias", "[1, 5]", "target"});
  other = layers;
  other.weight[1] = whole(4, 5), other.bias[1] = whole(1, 4);
  refused(good, other, {"residual", "[200, 3]", "4 channels"});
  other = layers;
  other.norm_weight = whole(1, 3);
  refused(good, other, {"together"});
  refused(good, {}, {"0 weights"});
}

TEST(OpErrors, UnknownActivations) {
  EXPECT_EQ(ops::parse_activation("gelu"), ops::Activation::gelu);
  EXPECT_EQ(ops::name_of(ops::Activation::elu), "elu");
  EXPECT_THROW(ops::parse_activation("swish"), UsageError);
}

}  // namespace
}  // namespace halograph::testing
