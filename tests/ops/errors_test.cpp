// SPDX-License-Identifier: BSD-3-Clause
// Operands that do not fit are refused, with both shapes in the message.
#include <gtest/gtest.h>

#include <functional>

#include <halograph/core/error.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/mlp.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

void expect_refusal(const std::function<Tensor()>& call, const std::vector<std::string>& parts) {
  try {
    call();
    ADD_FAILURE() << "accepted";
  } catch (const UsageError& error) {
    for (const std::string& part : parts)
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << " lacks " << part;
  }
}

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
  expect_refusal([&] { return ops::activation_slope_product(ops::Activation::silu, a, a); }, {"silu"});
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
  for (const auto op : {ops::segment_sum, ops::segment_mean, ops::segment_max, ops::segment_min, ops::source_sum, ops::ghost_sum})
    expect_refusal([&] { return op(graph, nodes); }, {"edges", "[40, 3]"});
  expect_refusal([&] { return ops::edge_linear(graph, nodes, nodes, ghosts, edges, whole(3, 4)); }, {"[3, 4]", "[200, 3]"});
  expect_refusal([&] { return nodes.item() > 0 ? nodes : edges; }, {"[40, 3]"});
}

TEST(OpErrors, UnknownActivations) {
  EXPECT_EQ(ops::parse_activation("gelu"), ops::Activation::gelu);
  EXPECT_EQ(ops::name_of(ops::Activation::elu), "elu");
  EXPECT_THROW(ops::parse_activation("swish"), UsageError);
}

}  // namespace
}  // namespace halograph::testing
