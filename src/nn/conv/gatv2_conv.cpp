// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gatv2_conv.hpp>

#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>

#include "nn/conv/attention.hpp"

namespace halograph::nn {

GATv2Conv::GATv2Conv(const Scope& scope, const GATConvOptions& options)
    : name_(scope.name()), options_(options), dropout_(scope, options.dropout) {
  check_attention("GATv2Conv", name_, options);
  const LinearOptions ends{.bias = options.bias, .glorot = true};
  const std::int64_t out = options.heads * options.out_channels;
  att_ = attention_vector(scope, "att", options);
  bias_ = attention_bias(scope, options);
  lin_l_ = Linear(scope / "lin_l", options.in_channels, out, ends);
  lin_r_ = options.share_weights ? lin_l_ : Linear(scope / "lin_r", options.in_channels, out, ends);
  if (options.edge_dim > 0)
    lin_edge_ = Linear(scope / "lin_edge", options.edge_dim, out, {.bias = false, .glorot = true});
  res_ = attention_residual(scope, options);
}

Tensor GATv2Conv::operator()(const Graph& given, const Tensor& x, const Tensor& edge_attr, const Mode& mode) const {
  const auto [graph, attr] = attention_edges("GATv2Conv", name_, options_, given, x, edge_attr);
  const Tensor source = lin_l_(x), ghosts = ops::halo(graph, source);
  const Tensor target = options_.share_weights ? source : lin_r_(x);
  const Tensor of_edge =
      options_.edge_dim > 0 ? lin_edge_.weight : Tensor::empty(source.cols(), 0, x.dtype(), nullptr, x.device());
  const Tensor scores =
      ops::attention_scores(graph, target, source, ghosts, attr, of_edge, att_, options_.negative_slope);
  const Tensor alpha = dropout_(graph, ops::segment_softmax(graph, scores), mode);
  return finish_attention(options_, ops::weighted_sum(graph, source, ghosts, alpha), x, res_, bias_);
}

}  // namespace halograph::nn
