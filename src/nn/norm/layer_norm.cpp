// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/norm/layer_norm.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::nn {

LayerNorm::LayerNorm(const Scope& scope, const LayerNormOptions& options) : name_(scope.name()), options_(options) {
  require(options.in_channels > 0, "LayerNorm ", name_, ": in_channels is ", options.in_channels,
          "; there is at least one");
  require(options.eps > 0, "LayerNorm ", name_, ": eps is ", options.eps, "; it is above 0");
  if (!options.affine) return;
  weight_ = scope.constant("weight", 1, options.in_channels, 1, true);
  bias_ = scope.constant("bias", 1, options.in_channels, 0, true);
}

void LayerNorm::check(const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "LayerNorm ", name_, ": ", x, " for ", options_.in_channels,
          " channels");
}

Tensor LayerNorm::finish(const Tensor& normalised) const {
  return options_.affine ? ops::add(ops::multiply(normalised, weight_), bias_) : normalised;
}

Tensor LayerNorm::operator()(const Tensor& x) const {
  check(x);
  if (options_.mode == LayerNormOptions::Mode::node) return ops::layer_norm(x, weight_, bias_, options_.eps);
  const Tensor centred = ops::subtract(x, ops::mean(x));
  const Tensor variance = ops::mean(ops::square(centred));
  return finish(ops::multiply(centred, ops::reciprocal(ops::square_root(ops::scale_shift(variance, 1, options_.eps)))));
}

Tensor LayerNorm::operator()(const Batch& batch, const Tensor& x) const {
  check(x);
  if (options_.mode == LayerNormOptions::Mode::node) return ops::layer_norm(x, weight_, bias_, options_.eps);
  const auto graph_mean = [&](const Tensor& nodes) {
    return ops::scale_shift(ops::graph_mean(batch, ops::sum_columns(nodes)), 1 / double(x.cols()));
  };
  const Tensor centred = ops::subtract(x, ops::gather_graph(batch, graph_mean(x)));
  const Tensor variance = graph_mean(ops::square(centred));
  const Tensor scale = ops::reciprocal(ops::square_root(ops::scale_shift(variance, 1, options_.eps)));
  return finish(ops::multiply(centred, ops::gather_graph(batch, scale)));
}

}  // namespace halograph::nn
