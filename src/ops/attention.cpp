// SPDX-License-Identifier: BSD-3-Clause
// leaky_relu(v) = slope v + (1 - slope) relu(v). The first part is linear, so its score is a sum of numbers of nodes;
// the second is a network of two layers on edges, which ops::edge_mlp runs tile by tile, forward and backward.
#include <halograph/ops/attention.hpp>

#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::ops {

Tensor by_heads(const Tensor& att) {
  const std::int64_t heads = att.rows(), width = att.cols();
  std::vector<double> mask(std::size_t(heads * heads * width), 0);
  for (std::int64_t h = 0; h < heads; ++h)
    for (std::int64_t c = 0; c < width; ++c) mask[std::size_t((h * heads + h) * width + c)] = 1;
  const std::vector<Tensor> copies(std::size_t(heads), att);
  return multiply(concatenate(copies), Tensor::from(mask, heads, heads * width, att.dtype(), nullptr, att.device()));
}

Tensor attention_scores(const Graph& graph, const Tensor& target, const Tensor& source, const Tensor& ghosts,
                        const Tensor& edges, const Tensor& weight, const Tensor& att, double negative_slope) {
  require(att.defined() && !att.partitioned() && att.rows() * att.cols() == target.cols(), "attention_scores: att ",
          att, " for ", target.cols(), " channels");
  const Tensor heads = by_heads(att), linear_heads = scale_shift(heads, negative_slope);
  MlpLayers relu_part;
  relu_part.weight = {weight, scale_shift(heads, 1 - negative_slope)};
  relu_part.bias.resize(2);
  relu_part.activation = Activation::relu;
  const Tensor bent = edge_mlp(graph, target, source, ghosts, edges, relu_part, {.edges = true, .sum = false}).edges;
  const Tensor straight = edge_linear(graph, linear(target, linear_heads), linear(source, linear_heads),
                                      linear(ghosts, linear_heads), edges, product(linear_heads, weight));
  return add(straight, bent);
}

}  // namespace halograph::ops
