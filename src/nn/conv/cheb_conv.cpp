// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/cheb_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/graph/rewire/self_loops.hpp>
#include <halograph/nn/normalised_adjacency.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

/// L^ = 2 L / lambda_max - I as (2 / lambda_max - 1) I - 2 / lambda_max D^-1/2 A D^-1/2.
class ScaledLaplacian {
 public:
  ScaledLaplacian(const std::string& layer, const Graph& given, const Tensor& edge_weight, double lambda_max,
                  DType dtype)
      : graph_(given), scale_(2 / lambda_max) {
    const SelfLoops loops = remove_self_loops(given);
    graph_ = loops.graph;
    weight_ = edge_weight.defined() ? ops::carry_edges(loops.edges, edge_weight)
                                    : Tensor::full(graph_.n_edges(), 1, 1, dtype, graph_.edges(), graph_.device());
    const Tensor far = ops::halo_adjoint(graph_, ops::ghost_sum(graph_, weight_));
    const Tensor degree = ops::add(ops::source_sum(graph_, weight_), far);
    if (edge_weight.defined()) require_degrees(layer, graph_, degree);
    inverse_root_ = inverse_root(degree);
  }

  Tensor operator()(const Tensor& x) const {
    const Tensor sum = ops::weighted_sum(graph_, ops::multiply(x, inverse_root_), weight_);
    const Tensor adjacent = ops::scale_shift(ops::multiply(sum, inverse_root_), -scale_);
    return scale_ == 1 ? adjacent : ops::add(adjacent, ops::scale_shift(x, scale_ - 1));
  }

 private:
  Graph graph_;
  double scale_;
  Tensor weight_, inverse_root_;
};

}  // namespace

ChebConv::ChebConv(const Scope& scope, const ChebConvOptions& options) : options_(options), name_(scope.name()) {
  require(options.K >= 1, "ChebConv ", name_, ": K is ", options.K, "; it is at least 1");
  require(options.lambda_max > 0, "ChebConv ", name_, ": lambda_max is ", options.lambda_max, "; it is above 0");
  for (int k = 0; k < options.K; ++k)
    lins_.emplace_back(scope / cat("lins.", k), options.in_channels, options.out_channels,
                       LinearOptions{.bias = false, .glorot = true});
  if (options.bias) bias_ = scope.constant("bias", 1, options.out_channels, 0, true);
}

Tensor ChebConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  require(x.defined(), "ChebConv ", name_, ": x is undefined");
  Tensor y = lins_[0](x);
  if (options_.K > 1) {
    const ScaledLaplacian laplacian(cat("ChebConv ", name_), graph, edge_weight, options_.lambda_max, x.dtype());
    Tensor before = x, now = laplacian(x);
    y = ops::add(y, lins_[1](now));
    for (std::size_t k = 2; k < lins_.size(); ++k) {
      const Tensor next = ops::subtract(ops::scale_shift(laplacian(now), 2), before);
      before = now;
      now = next;
      y = ops::add(y, lins_[k](now));
    }
  }
  return bias_.defined() ? ops::add(y, bias_) : y;
}

}  // namespace halograph::nn
