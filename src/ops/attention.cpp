// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/attention.hpp>

#include <vector>

#include <halograph/core/error.hpp>
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
  require(att.defined() && !att.partitioned() && att.rows() * att.cols() == target.cols(), "attention_scores: att ", att,
          " for ", target.cols(), " channels");
  const Tensor sums = edge_linear(graph, target, source, ghosts, edges, weight);
  return linear(leaky_relu(sums, negative_slope), by_heads(att));
}

}  // namespace halograph::ops
