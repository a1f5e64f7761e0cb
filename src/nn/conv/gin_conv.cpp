// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gin_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

Tensor make_eps(const Scope& scope, double value, bool trained) {
  return trained ? scope.constant("eps", 1, 1, value, true) : scope.buffer("eps", 1, 1, value, true);
}

/// (1 + eps) x + sum
Tensor with_root(const Tensor& x, const Tensor& eps, const Tensor& sum) {
  return ops::add(ops::multiply(x, ops::scale_shift(eps, 1, 1)), sum);
}

}  // namespace

GINConv::GINConv(const Scope& scope, const GINConvOptions& options)
    : name_(scope.name()), eps_(make_eps(scope, options.eps, options.train_eps)), nn_(scope / "nn", options.nn) {}

Tensor GINConv::operator()(const Graph& graph, const Tensor& x) const {
  return nn_(with_root(x, eps_, ops::neighbour_sum(graph, x)));
}

GINEConv::GINEConv(const Scope& scope, const GINEConvOptions& options)
    : name_(scope.name()), eps_(make_eps(scope, options.eps, options.train_eps)), nn_(scope / "nn", options.nn) {
  if (options.edge_dim > 0) lin_ = Linear(scope / "lin", options.edge_dim, nn_.in_channels());
}

Tensor GINEConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  constexpr ops::Activation relu = ops::Activation::relu;
  if (lin_.weight.defined()) {
    // The bias goes to the target rows, once a node.
    const Tensor messages =
        ops::edge_linear(graph, ops::repeat_row(lin_.bias, x), x, ops::halo(graph, x), edge_attr, lin_.weight, relu);
    return nn_(with_root(x, eps_, ops::segment_sum(graph, messages)));
  }
  require(edge_attr.defined() && edge_attr.cols() == x.cols(), "GINEConv ", name_,
          ": edge_attr has other channels than x ", x, "; edge_dim makes them fit");
  const Tensor messages = ops::relu(ops::add(ops::gather_source(graph, x), edge_attr));
  return nn_(with_root(x, eps_, ops::segment_sum(graph, messages)));
}

}  // namespace halograph::nn
