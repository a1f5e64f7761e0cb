// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/norm/graph_norm.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

GraphNorm::GraphNorm(std::string name, const GraphNormOptions& options, DType dtype)
    : name_(std::move(name)), options_(options) {
  require(options.in_channels > 0, "GraphNorm ", name_, ": in_channels is ", options.in_channels,
          "; there is at least one");
  require(options.eps > 0, "GraphNorm ", name_, ": eps is ", options.eps, "; it is above 0");
  weight_ = Tensor::full(1, options.in_channels, 1, dtype).set_requires_grad();
  bias_ = Tensor::zeros(1, options.in_channels, dtype).set_requires_grad();
  mean_scale_ = Tensor::full(1, options.in_channels, 1, dtype).set_requires_grad();
}

Tensor GraphNorm::operator()(const Tensor& x, const Batch& batch) const {
  require(x.defined() && x.cols() == options_.in_channels, "GraphNorm ", name_, ": ", x, " for ", options_.in_channels,
          " channels");
  const Tensor shift = ops::multiply(ops::graph_mean(batch, x), mean_scale_);
  const Tensor centred = ops::subtract(x, ops::gather_graph(batch, shift));
  const Tensor variance = ops::graph_mean(batch, ops::square(centred));
  const Tensor rstd = ops::reciprocal(ops::square_root(ops::scale_shift(variance, 1, options_.eps)));
  return ops::add(ops::multiply(centred, ops::gather_graph(batch, ops::multiply(rstd, weight_))), bias_);
}

void GraphNorm::collect(std::vector<NamedTensor>& state) const {
  state.push_back({join(name_, "weight"), weight_, true});
  state.push_back({join(name_, "bias"), bias_, true});
  state.push_back({join(name_, "mean_scale"), mean_scale_, true});
}

}  // namespace halograph::nn
