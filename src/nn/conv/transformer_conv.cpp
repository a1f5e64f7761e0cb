// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/transformer_conv.hpp>

#include <array>
#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

/// [heads, heads * width] with 1 where a column belongs to the head: product() repeats the number of each head over its
/// columns, linear() adds the columns of each head.
Tensor columns_of_heads(std::int64_t heads, std::int64_t width, const Tensor& like) {
  return ops::by_heads(Tensor::full(heads, width, 1, like.dtype(), nullptr, like.device()));
}

Tensor mean_of_heads(const Tensor& y, std::int64_t heads) {
  const std::int64_t width = y.cols() / heads;
  Tensor sum = ops::slice_columns(y, 0, width);
  for (std::int64_t h = 1; h < heads; ++h) sum = ops::add(sum, ops::slice_columns(y, h * width, width));
  return ops::scale_shift(sum, 1 / double(heads));
}

/// Calls each(columns of head h of x, rows of head h of weight) and puts the results side by side.
template <class Each>
Tensor head_by_head(const Tensor& x, const Tensor& weight, std::int64_t heads, const Each& each) {
  const std::int64_t cols = x.cols() / heads, rows = weight.rows() / heads;
  std::vector<Tensor> parts;
  for (std::int64_t h = 0; h < heads; ++h)
    parts.push_back(each(ops::slice_columns(x, h * cols, cols), ops::slice_rows(weight, h * rows, rows)));
  return ops::concatenate(parts);
}

}  // namespace

TransformerConv::TransformerConv(const Scope& scope, const TransformerConvOptions& options)
    : name_(scope.name()), options_(options) {
  const std::int64_t in = options.in_channels, out = options.out_channels, heads = options.heads;
  require(in > 0 && out > 0 && heads > 0 && options.edge_dim >= 0, "TransformerConv ", name_, ": in_channels ", in,
          ", out_channels ", out, ", heads ", heads, " and edge_dim ", options.edge_dim,
          "; the first three are positive, the last is not negative");
  options_.beta = options.beta && options.root_weight;
  const auto lin = [&](const char* part, std::int64_t from, std::int64_t to, bool bias) {
    return Linear(scope / part, from, to, {.bias = bias});
  };
  const std::int64_t result = options.concat ? heads * out : out;
  lin_key_ = lin("lin_key", in, heads * out, true);
  lin_query_ = lin("lin_query", in, heads * out, true);
  lin_value_ = lin("lin_value", in, heads * out, true);
  if (options.edge_dim > 0) lin_edge_ = lin("lin_edge", options.edge_dim, heads * out, false);
  lin_skip_ = lin("lin_skip", in, result, options.bias);
  if (options_.beta) lin_beta_ = lin("lin_beta", 3 * result, 1, false);
}

Tensor TransformerConv::attend(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  const std::int64_t heads = options_.heads;
  const Tensor query = ops::scale_shift(lin_query_(x), 1 / std::sqrt(double(options_.out_channels)));
  const Tensor key = lin_key_(x), value = lin_value_(x);
  const Tensor key_ghosts = ops::halo(graph, key), value_ghosts = ops::halo(graph, value);
  Tensor scores = ops::edge_dot(graph, key, key_ghosts, query, heads);
  if (!edge_attr.defined()) return ops::weighted_sum(graph, value, value_ghosts, ops::segment_softmax(graph, scores));

  // q . (W e) = (W^T q) . e and sum alpha (W e) = W sum alpha e: edges meet edge_dim numbers of each head, not `out`.
  const Tensor of_heads = columns_of_heads(heads, options_.edge_dim, x);
  const Tensor attr = ops::concatenate(std::vector<Tensor>(std::size_t(heads), edge_attr));
  const Tensor asked = head_by_head(query, lin_edge_.weight, heads,
                                    [](const Tensor& q, const Tensor& weight) { return ops::product(q, weight); });
  scores = ops::add(scores, ops::linear(ops::multiply(ops::gather_target(graph, asked), attr), of_heads));
  const Tensor alpha = ops::segment_softmax(graph, scores);
  const Tensor arriving = ops::segment_sum(graph, ops::multiply(attr, ops::product(alpha, of_heads)));
  const Tensor of_edges = head_by_head(arriving, lin_edge_.weight, heads, [](const Tensor& sum, const Tensor& weight) {
    return ops::linear(sum, weight);
  });
  return ops::add(ops::weighted_sum(graph, value, value_ghosts, alpha), of_edges);
}

Tensor TransformerConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  require(x.defined() && x.cols() == options_.in_channels, "TransformerConv ", name_, ": ", x, " for in_channels ",
          options_.in_channels);
  require(
      edge_attr.defined() == (options_.edge_dim > 0) && (!edge_attr.defined() || edge_attr.cols() == options_.edge_dim),
      "TransformerConv ", name_, ": edge_attr is ", edge_attr, " for edge_dim ", options_.edge_dim);
  Tensor y = attend(graph, x, edge_attr);
  if (!options_.concat) y = mean_of_heads(y, options_.heads);
  if (!options_.root_weight) return y;
  const Tensor own = lin_skip_(x);
  if (!options_.beta) return ops::add(y, own);
  const Tensor difference = ops::subtract(own, y);
  const std::array<Tensor, 3> parts{y, own, ops::negate(difference)};
  const Tensor gate = ops::linear(parts, lin_beta_.weight, {}, ops::Activation::sigmoid);
  return ops::add(y, ops::multiply(difference, gate));
}

}  // namespace halograph::nn
