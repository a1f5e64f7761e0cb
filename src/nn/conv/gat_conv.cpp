// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gat_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>

#include "nn/conv/attention.hpp"

namespace halograph::nn {

GATConv::GATConv(std::string name, const GATConvOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)), options_(options), dropout_(name_, options.dropout, random) {
  check_attention("GATConv", name_, options);
  require(!options.share_weights, "GATConv ", name_, ": share_weights is an option of GATv2Conv");
  const LinearOptions plain{.bias = false, .glorot = true};
  const std::int64_t out = options.heads * options.out_channels;
  lin_ = Linear(join(name_, "lin"), options.in_channels, out, dtype, random, plain);
  att_src_ = attention_vector(join(name_, "att_src"), options, dtype, random);
  att_dst_ = attention_vector(join(name_, "att_dst"), options, dtype, random);
  if (options.edge_dim > 0) {
    att_edge_ = attention_vector(join(name_, "att_edge"), options, dtype, random);
    lin_edge_ = Linear(join(name_, "lin_edge"), options.edge_dim, out, dtype, random, plain);
  }
  res_ = attention_residual(join(name_, "res"), options, dtype, random);
  bias_ = attention_bias(options, dtype);
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

void GATConv::collect(std::vector<NamedTensor>& state) const {
  const Axes axes = {1, options_.heads, options_.out_channels};
  state.push_back({join(name_, "att_src"), att_src_, axes});
  state.push_back({join(name_, "att_dst"), att_dst_, axes});
  if (att_edge_.defined()) state.push_back({join(name_, "att_edge"), att_edge_, axes});
  if (bias_.defined()) state.push_back({join(name_, "bias"), bias_, true});
  lin_.collect(state);
  if (att_edge_.defined()) lin_edge_.collect(state);
  if (options_.residual) res_.collect(state);
}

}  // namespace halograph::nn
