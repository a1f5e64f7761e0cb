// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gcn_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/normalised_adjacency.hpp>

namespace halograph::nn {

GCNConv::GCNConv(const Scope& scope, const GCNConvOptions& options) : options_(options), name_(scope.name()) {
  require(options.normalize || !options.add_self_loops.value_or(false), "GCNConv ", name_,
          ": add_self_loops without normalize; loops are part of the normalisation");
  lin_ = Linear(scope / "lin", options.in_channels, options.out_channels, {.bias = false, .glorot = true});
  if (options.bias) bias_ = scope.constant("bias", 1, options.out_channels, 0, true);
}

Tensor GCNConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  require(x.defined() && x.cols() == options_.in_channels, "GCNConv ", name_, ": x ", x, " for ", options_.in_channels,
          " input channels");
  const NormalisedAdjacency adjacency(graph, edge_weight, x.dtype(),
                                      {.add_self_loops = options_.add_self_loops.value_or(options_.normalize),
                                       .fill_value = options_.improved ? 2.0 : 1.0,
                                       .normalize = options_.normalize,
                                       .layer = cat("GCNConv ", name_)});
  const bool layer_first = options_.out_channels <= options_.in_channels;
  const Tensor y = layer_first ? adjacency(lin_(x)) : lin_(adjacency(x));
  return bias_.defined() ? ops::add(y, bias_) : y;
}

}  // namespace halograph::nn
