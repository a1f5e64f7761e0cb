// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gat_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>

#include "nn/conv/attention.hpp"

namespace halograph::nn {

GATConv::GATConv(const Scope& scope, const GATConvOptions& options)
    : name_(scope.name()), options_(options), dropout_(scope, options.dropout) {
  check_attention("GATConv", name_, options);
  require(!options.share_weights, "GATConv ", name_, ": share_weights is an option of GATv2Conv");
  const LinearOptions plain{.bias = false, .glorot = true};
  const std::int64_t out = options.heads * options.out_channels;
  att_src_ = attention_vector(scope, "att_src", options);
  att_dst_ = attention_vector(scope, "att_dst", options);
  if (options.edge_dim > 0) att_edge_ = attention_vector(scope, "att_edge", options);
  bias_ = attention_bias(scope, options);
  lin_ = Linear(scope / "lin", options.in_channels, out, plain);
  if (options.edge_dim > 0) lin_edge_ = Linear(scope / "lin_edge", options.edge_dim, out, plain);
  res_ = attention_residual(scope, options);
}

Tensor GATConv::operator()(const Graph& given, const Tensor& x, const Tensor& edge_attr, const Mode& mode) const {
  const auto [graph, attr] = attention_edges("GATConv", name_, options_, given, x, edge_attr);
  const Tensor z = lin_(x), ghosts = ops::halo(graph, z), of_source = ops::by_heads(att_src_);
  const Tensor source = ops::linear(z, of_source), target = ops::linear(z, ops::by_heads(att_dst_));
  const Tensor of_edge = options_.edge_dim > 0 ? ops::product(ops::by_heads(att_edge_), lin_edge_.weight)
                                               : Tensor::empty(options_.heads, 0, x.dtype(), nullptr, x.device());
  // Of ghosts the scores are made anew: cheaper than to exchange them, and rows have the same bits everywhere.
  const Tensor ghost_source = ops::linear(ghosts, of_source);
  const Tensor sums = ops::edge_linear(graph, target, source, ghost_source, attr, of_edge);
  const Tensor softmax = ops::segment_softmax(graph, ops::leaky_relu(sums, options_.negative_slope));
  const Tensor alpha = dropout_(graph, softmax, mode);
  return finish_attention(options_, ops::weighted_sum(graph, z, ghosts, alpha), x, res_, bias_);
}

}  // namespace halograph::nn
