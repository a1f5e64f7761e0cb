// SPDX-License-Identifier: BSD-3-Clause
// GravNet (Qasim et al., arXiv:1902.07987): nodes find their neighbours in a space that the layer learns and pass
// features weighted by the distance there. With s = lin_s(x), h = lin_h(x) and N(i) the k nearest of node i by s,
//   w_ij = exp(-10 |s_j - s_i|^2),  y_i = lin_out1(x_i) + lin_out2([mean_j w_ij h_j | max_j w_ij h_j])
// The defaults are PyTorch Geometric's; options lead to the original: neighbours without the node itself, the maximum
// before the mean, tanh behind. Distances carry gradients, the choice of neighbours does not. Collective: the search
// (graph/knn.hpp), one exchange of s and one of h.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/ops/gravnet.hpp>

namespace halograph::nn {

struct GravNetConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  std::int64_t space_dimensions = 0;      ///< columns of s
  std::int64_t propagate_dimensions = 0;  ///< columns of h
  std::int64_t k = 0;                     ///< neighbours; all there are where there are fewer
  bool include_self = true;
  ops::GravnetPotential potential = {};
  bool max_first = false;  ///< lin_out2 on [max | mean]
  ops::Activation activation = ops::Activation::identity;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GravNetConv {
 public:
  using Options = GravNetConvOptions;

  /// `lin_s`, `lin_h`, `lin_out2` with `.weight` and `.bias` each, `lin_out1.weight`.
  GravNetConv(const Scope& scope, const GravNetConvOptions& options);

  /// x [n_nodes, in_channels] over the nodes of `graph`, whose edges play no part -> [n_nodes, out_channels].
  /// Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;
  /// The same with neighbours in the same graph of a batch. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x) const;

 private:
  Tensor forward(const Graph& graph, const Batch* batch, const Tensor& x) const;

  std::string name_;
  GravNetConvOptions options_;
  Linear lin_s_, lin_h_, lin_out1_, lin_out2_;
};

}  // namespace halograph::nn
