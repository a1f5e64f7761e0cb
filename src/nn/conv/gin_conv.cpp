// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gin_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

Tensor make_eps(double value, bool trained, DType dtype) {
  return Tensor::full(1, 1, value, dtype).set_requires_grad(trained);
}

/// (1 + eps) x + sum
Tensor with_root(const Tensor& x, const Tensor& eps, const Tensor& sum) {
  return ops::add(ops::multiply(x, ops::scale_shift(eps, 1, 1)), sum);
}

}  // namespace

GINConv::GINConv(std::string name, const GINConvOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)),
      eps_(make_eps(options.eps, options.train_eps, dtype)),
      nn_(join(name_, "nn"), options.nn, dtype, random) {}

Tensor GINConv::operator()(const Graph& graph, const Tensor& x) const {
  return nn_(with_root(x, eps_, ops::neighbour_sum(graph, x)));
}

void GINConv::collect(std::vector<NamedTensor>& state) const {
  state.push_back({join(name_, "eps"), eps_, true});
  nn_.collect(state);
}

GINEConv::GINEConv(std::string name, const GINEConvOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)),
      eps_(make_eps(options.eps, options.train_eps, dtype)),
      nn_(join(name_, "nn"), options.nn, dtype, random) {
  if (options.edge_dim > 0) lin_ = Linear(join(name_, "lin"), options.edge_dim, nn_.in_channels(), dtype, random);
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

void GINEConv::collect(std::vector<NamedTensor>& state) const {
  state.push_back({join(name_, "eps"), eps_, true});
  nn_.collect(state);
  if (lin_.weight.defined()) lin_.collect(state);
}

}  // namespace halograph::nn
