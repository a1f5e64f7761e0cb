// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/sage_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::nn {
namespace {

/// y / max(|y|, 1e-12), row by row; where the bound holds the length is a constant.
Tensor unit_rows(const Tensor& y) {
  constexpr double bound = 1e-24;
  const Tensor square = ops::sum_columns(ops::square(y));
  const Tensor above = ops::step(ops::scale_shift(square, 1, -bound));
  const Tensor safe = ops::add(ops::multiply(square, above), ops::scale_shift(above, -bound, bound));
  return ops::divide(y, ops::square_root(safe));
}

}  // namespace

SAGEConv::SAGEConv(const Scope& scope, const SAGEConvOptions& options) : options_(options) {
  require(!options.aggr.empty(), "SAGEConv ", scope.name(), ": no aggregator");
  const std::int64_t in = options.in_channels, out = options.out_channels;
  if (options.project) lin_ = Linear(scope / "lin", in, in);
  lin_l_ = Linear(scope / "lin_l", in * std::int64_t(options.aggr.size()), out, {.bias = options.bias});
  if (options.root_weight) lin_r_ = Linear(scope / "lin_r", in, out, {.bias = false});
}

Tensor SAGEConv::operator()(const Graph& graph, const Tensor& x) const {
  const Tensor sent = options_.project ? lin_(x, ops::Activation::relu) : x;
  Tensor y = propagate_through(graph, sent, {}, options_.aggr, lin_l_);
  if (options_.root_weight) y = ops::add(y, lin_r_(x));
  return options_.normalize ? unit_rows(y) : y;
}

}  // namespace halograph::nn
