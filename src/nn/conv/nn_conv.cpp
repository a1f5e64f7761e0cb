// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/nn_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/rearrange.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {
namespace {

/// x, `times` times side by side.
Tensor tiled(const Tensor& x, std::int64_t times) {
  return ops::concatenate(std::vector<Tensor>(static_cast<std::size_t>(times), x));
}

}  // namespace

NNConv::NNConv(const Scope& scope, const NNConvOptions& options)
    : options_(options), name_(scope.name()), nn_(scope / "nn", options.nn) {
  const std::int64_t in = options.in_channels, out = options.out_channels;
  require(in > 0 && out > 0, "NNConv ", name_, ": ", in, " input and ", out, " output channels");
  require(nn_.out_channels() == in * out && !options.nn.layer_norm, "NNConv ", name_, ": nn gives ", nn_.out_channels(),
          " channels; a matrix of ", in, " x ", out, " needs ", in * out, " and no norm behind");
  if (options.root_weight) lin_ = Linear(scope / "lin", in, out, {.bias = false});
  if (options.bias) bias_ = scope.constant("bias", 1, out, 0, true);
}

Tensor NNConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  using ops::Aggregation;
  require(x.defined() && x.cols() == options_.in_channels, "NNConv ", name_, ": x ", x, " for ", options_.in_channels,
          " input channels");
  Tensor y;
  if (options_.aggr == Aggregation::sum || options_.aggr == Aggregation::mean) {
    y = summed(graph, x, edge_attr);
  } else {
    y = ops::aggregate(graph, messages(graph, x, edge_attr), options_.aggr);
  }
  if (options_.root_weight) y = ops::add(y, lin_(x));
  return bias_.defined() ? ops::add(y, bias_) : y;
}

Tensor NNConv::summed(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  const std::int64_t in = options_.in_channels, out = options_.out_channels;
  const std::size_t last = options_.nn.channels.size() - 2;
  Tensor h = edge_attr;
  for (std::size_t k = 0; k < last; ++k) h = nn_.layer(k)(h, options_.nn.activation);
  const Tensor one = Tensor::full(graph.n_edges(), 1, 1, x.dtype(), graph.edges(), x.device());
  h = ops::concatenate(std::vector<Tensor>{h, one});
  Tensor s = ops::weighted_sum(graph, tiled(x, h.cols()), tiled(ops::halo(graph, x), h.cols()), h);
  if (options_.aggr == ops::Aggregation::mean) s = ops::divide_by_degree(graph, s);
  // Rows (in, out) of [weight | bias], columns k: as [out, (k, in)].
  const Linear& layer = nn_.layer(last);
  const Tensor whole = ops::concatenate(std::vector<Tensor>{layer.weight, ops::reshaped(layer.bias, in * out, 1)});
  const Tensor weight = ops::transposed(ops::reshaped(whole, in, out * h.cols()));
  return ops::linear(s, ops::reshaped(weight, out, h.cols() * in));
}

Tensor NNConv::messages(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  const Tensor theta = nn_(edge_attr), source = ops::gather_source(graph, x);
  Tensor sum;
  for (std::int64_t c = 0; c < options_.in_channels; ++c) {
    const Tensor row = ops::slice_columns(theta, c * options_.out_channels, options_.out_channels);
    const Tensor part = ops::multiply(row, ops::slice_columns(source, c, 1));
    sum = sum.defined() ? ops::add(sum, part) : part;
  }
  return sum;
}

}  // namespace halograph::nn
