// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/norm/graph_norm.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

GraphNorm::GraphNorm(const Scope& scope, const GraphNormOptions& options) : name_(scope.name()), options_(options) {
  require(options.in_channels > 0, "GraphNorm ", name_, ": in_channels is ", options.in_channels,
          "; there is at least one");
  require(options.eps > 0, "GraphNorm ", name_, ": eps is ", options.eps, "; it is above 0");
  weight_ = scope.constant("weight", 1, options.in_channels, 1, true);
  bias_ = scope.constant("bias", 1, options.in_channels, 0, true);
  mean_scale_ = scope.constant("mean_scale", 1, options.in_channels, 1, true);
}

Tensor GraphNorm::operator()(const Batch& batch, const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "GraphNorm ", name_, ": ", x, " for ", options_.in_channels,
          " channels");
  const Tensor shift = ops::multiply(ops::graph_mean(batch, x), mean_scale_);
  const Tensor centred = ops::subtract(x, ops::gather_graph(batch, shift));
  const Tensor variance = ops::graph_mean(batch, ops::square(centred));
  const Tensor rstd = ops::reciprocal(ops::square_root(ops::scale_shift(variance, 1, options_.eps)));
  return ops::add(ops::multiply(centred, ops::gather_graph(batch, ops::multiply(rstd, weight_))), bias_);
}

}  // namespace halograph::nn
