// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/norm/layer_norm.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::nn {

LayerNorm::LayerNorm(std::string name, const LayerNormOptions& options, DType dtype)
    : name_(std::move(name)), options_(options) {
  require(options.in_channels > 0, "LayerNorm ", name_, ": in_channels is ", options.in_channels,
          "; there is at least one");
  require(options.eps > 0, "LayerNorm ", name_, ": eps is ", options.eps, "; it is above 0");
  if (!options.affine) return;
  weight_ = Tensor::full(1, options.in_channels, 1, dtype).set_requires_grad();
  bias_ = Tensor::zeros(1, options.in_channels, dtype).set_requires_grad();
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

Tensor LayerNorm::operator()(const Tensor& x, const Batch& batch) const {
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

void LayerNorm::collect(std::vector<NamedTensor>& state) const {
  if (!options_.affine) return;
  state.push_back({join(name_, "weight"), weight_, true});
  state.push_back({join(name_, "bias"), bias_, true});
}

}  // namespace halograph::nn
