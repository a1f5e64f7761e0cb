// SPDX-License-Identifier: BSD-3-Clause
// Operations in company: what only shows when results are used several times, sums over ranks enter
// a loss nonlinearly, exchanges overlap, and gradients are differentiated.
#include <halograph/autograd/checkpoint.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using Activation = ops::Activation;

/// h [n, 4], e [m, 2], weights [4, 4], [4, 4], [4, 2], [4, 8]: a round of messages, with h used four times.
Tensors message_round(const Graph& graph, const Tensors& x) {
  const Tensor source = ops::linear(x[0], x[3]);
  const Tensor ghosts = ops::halo(graph, source);
  const Tensor edges = ops::edge_linear(graph, ops::linear(x[0], x[2]), source, ghosts, x[1], x[4], Activation::tanh);
  const Tensor sums = ops::segment_sum(graph, edges);
  const Tensor h = ops::linear(Tensors{x[0], sums}, x[5], {}, Activation::sigmoid);
  return {ops::add(ops::layer_norm(h, {}, {}, 0.01), x[0]), ops::slice_columns(edges, 0, 2)};
}

std::vector<Operand> round_operands() {
  return {{Where::nodes, 4},         {Where::edges, 2},         {Where::replicated, 4, 4},
          {Where::replicated, 4, 4}, {Where::replicated, 2, 4}, {Where::replicated, 8, 4}};
}

Tensors network(const Graph& graph, Tensors x, bool checkpointed) {
  for (int round = 0; round < 2; ++round) {
    const auto segment = [&graph](const Tensors& inputs) { return message_round(graph, inputs); };
    const Tensors next = checkpointed ? autograd::checkpoint(segment, x) : segment(x);
    x[0] = next[0];
    x[1] = next[1];
  }
  return {x[0], ops::mean(x[1])};
}

/// Energy and its negative gradient by the positions: differentiating the force needs second derivatives.
Tensors energy_and_force(const Graph& graph, const Tensors& given) {
  Tensors x = given;
  if (!x[0].requires_grad()) x[0] = x[0].detach().set_requires_grad();
  const Tensor difference = ops::subtract(ops::gather_target(graph, x[0]), ops::gather_source(graph, x[0]));
  const Tensor messages = ops::linear(ops::square(difference), x[1], {}, Activation::sigmoid);
  const Tensor energy = ops::sum(ops::square(ops::segment_sum(graph, messages)));
  const Tensor force = ops::negate(grad(energy, std::span(x).first(1), {.create_graph = true}).front());
  return {energy, force};
}

/// x scaled by a nonlinear function of its global sum: replicate and all_sum in both directions.
Tensors global_scale(const Graph&, const Tensors& x) {
  const Tensor total = ops::tanh(ops::scale_shift(ops::sum_rows(x[0]), 0.1));
  return {ops::multiply(x[0], ops::square(total)), ops::multiply(total, ops::mean(ops::square(x[0])))};
}

/// Halos of one tensor at several places of a sum: contributions arrive on their way and at once.
Tensors many_uses(const Graph& graph, const Tensors& x) {
  const auto around = [&](const Tensor& h) { return ops::segment_sum(graph, ops::gather_source(graph, h)); };
  const Tensor a = ops::sine(x[0]), b = around(x[0]), c = ops::square(x[0]), d = around(ops::cosine(x[0]));
  const Tensor e = ops::multiply(x[0], x[1]), f = ops::multiply(around(x[0]), ops::sum_rows(e));
  return {ops::add(ops::add(ops::multiply(a, b), ops::multiply(c, d)), ops::multiply(e, f))};
}

}  // namespace

void add_composed_cases(std::vector<OpCase>& cases) {
  const auto add = [&](const char* name, std::vector<Operand> operands, auto op) {
    OpCase c;
    c.name = name;
    c.operands = std::move(operands);
    c.op = op;
    cases.push_back(std::move(c));
  };
  add("message round", round_operands(), message_round);
  add("network", round_operands(), [](const Graph& g, const Tensors& x) { return network(g, x, false); });
  add("checkpointed network", round_operands(), [](const Graph& g, const Tensors& x) { return network(g, x, true); });
  add("energy and force", {{Where::nodes, 3}, {Where::replicated, 3, 4}}, energy_and_force);
  add("global scale", {{Where::nodes, 3}}, global_scale);
  add("many uses", {{Where::nodes, 3}, {Where::replicated, 3}}, many_uses);
}

}  // namespace halograph::testing
