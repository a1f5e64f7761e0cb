// SPDX-License-Identifier: BSD-3-Clause
#include "nn/conv/attention.hpp"

#include <halograph/core/error.hpp>
#include <halograph/graph/rewire/self_loops.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

/// nodes: the mean over in-edges but one, whose row is 0.
Tensor mean_of_others(const Graph& graph, const Tensor& edges) {
  const Tensor others = ops::scale_shift(graph.in_degree(edges.dtype()), 1, -1);
  const Tensor divisor = ops::add(others, ops::scale_shift(ops::step(others), -1, 1));
  return ops::divide(ops::segment_sum(graph, edges), divisor);
}

}  // namespace

void check_attention(const char* layer, const std::string& name, const GATConvOptions& options) {
  require(options.in_channels > 0 && options.out_channels > 0 && options.heads > 0, layer, " ", name, ": ",
          options.in_channels, " input channels, ", options.out_channels, " output channels, ", options.heads,
          " heads; expected at least 1 of each");
  require(options.edge_dim >= 0, layer, " ", name, ": edge_dim is ", options.edge_dim);
}

AttentionEdges attention_edges(const char* layer, const std::string& name, const GATConvOptions& options,
                               const Graph& graph, const Tensor& x, const Tensor& edge_attr) {
  require(x.defined() && x.cols() == options.in_channels, layer, " ", name, ": x is ", x, ", expected ",
          options.in_channels, " columns");
  require(
      edge_attr.defined() == (options.edge_dim > 0) && (!edge_attr.defined() || edge_attr.cols() == options.edge_dim),
      layer, " ", name, ": edge_attr is ", edge_attr, ", expected edge_dim = ", options.edge_dim, " columns");
  const auto none = [&](const Graph& g) { return Tensor::empty(g.n_edges(), 0, x.dtype(), g.edges(), x.device()); };
  if (!options.add_self_loops) return {graph, edge_attr.defined() ? edge_attr : none(graph)};
  const SelfLoops looped = replace_self_loops(graph);
  if (!edge_attr.defined()) return {looped.graph, none(looped.graph)};
  const Tensor given = ops::carry_edges(looped.edges, edge_attr);
  return {looped.graph, ops::add(given, ops::carry_edges(looped.loops, mean_of_others(looped.graph, given)))};
}

Tensor finish_attention(const GATConvOptions& options, Tensor y, const Tensor& x, const Linear& res,
                        const Tensor& bias) {
  if (!options.concat && options.heads > 1) {
    const std::int64_t width = options.out_channels;
    Tensor sum = ops::slice_columns(y, 0, width);
    for (std::int64_t h = 1; h < options.heads; ++h) sum = ops::add(sum, ops::slice_columns(y, h * width, width));
    y = ops::scale_shift(sum, 1 / double(options.heads));
  }
  if (options.residual) y = ops::add(y, res(x));
  return bias.defined() ? ops::add(y, bias) : y;
}

Tensor attention_vector(const Scope& scope, const char* part, const GATConvOptions& options) {
  // Drawn as the weight of a linear layer of that name, listed without the "weight".
  const Linear drawn((scope / part).detached(), options.out_channels, options.heads, {.bias = false, .glorot = true});
  scope.add(part, drawn.weight, {1, options.heads, options.out_channels});
  return drawn.weight;
}

Tensor attention_bias(const Scope& scope, const GATConvOptions& options) {
  if (!options.bias) return {};
  return scope.constant("bias", 1, options.out_channels * (options.concat ? options.heads : 1), 0, true);
}

Linear attention_residual(const Scope& scope, const GATConvOptions& options) {
  if (!options.residual) return {};
  return Linear(scope / "res", options.in_channels, options.out_channels * (options.concat ? options.heads : 1),
                {.bias = false, .glorot = true});
}

}  // namespace halograph::nn
