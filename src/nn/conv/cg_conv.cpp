// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/cg_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

Tensor target_part(const Linear& layer, const Tensor& x) {
  return ops::linear(x, ops::slice_columns(layer.weight, 0, x.cols()), layer.bias);
}

Tensor source_part(const Linear& layer, const Tensor& x) {
  return ops::linear(x, ops::slice_columns(layer.weight, x.cols(), x.cols()));
}

}  // namespace

CGConv::CGConv(const Scope& scope, const CGConvOptions& options) : options_(options), name_(scope.name()) {
  const std::int64_t c = options.channels;
  require(c > 0 && options.dim >= 0, "CGConv ", name_, ": ", c, " channels of nodes and ", options.dim, " of edges");
  lin_f_ = Linear(scope / "lin_f", 2 * c + options.dim, c, {.bias = options.bias});
  lin_s_ = Linear(scope / "lin_s", 2 * c + options.dim, c, {.bias = options.bias});
  if (options.batch_norm) bn_.emplace(scope / "bn", BatchNormOptions{.in_channels = c, .part = ""});
}

Tensor CGConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr, const Mode& mode) const {
  using ops::Activation;
  const std::int64_t c = options_.channels, dim = options_.dim;
  require(x.defined() && x.cols() == c && edge_attr.defined() == (dim > 0), "CGConv ", name_, ": needs x of ", c,
          " channels and edge_attr of ", dim);
  const Tensor source = ops::concatenate(std::vector<Tensor>{source_part(lin_f_, x), source_part(lin_s_, x)});
  const Tensor ghosts = ops::halo(graph, source);
  const auto half = [&](const Linear& layer, std::int64_t first, Activation activation) {
    const Tensor target = target_part(layer, x), own = ops::slice_columns(source, first, c);
    const Tensor far = ops::slice_columns(ghosts, first, c);
    if (dim > 0)
      return ops::edge_linear(graph, target, own, far, edge_attr, ops::slice_columns(layer.weight, 2 * c, dim),
                              activation);
    return ops::activate(activation, ops::add(ops::gather_target(graph, target), ops::gather_source(graph, own, far)));
  };
  const Tensor gate = half(lin_f_, 0, Activation::sigmoid), value = half(lin_s_, c, Activation::softplus);
  const Tensor sum = ops::aggregate(graph, ops::multiply(gate, value), options_.aggr);
  return ops::add(x, bn_ ? (*bn_)(sum, mode) : sum);
}

}  // namespace halograph::nn
