// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/dgcnn.hpp>

#include <array>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

constexpr double slope = 0.2;

/// A chain of convolutions, and the channels of all of them side by side.
template <class Options>
std::vector<DGCNNConv> make_convs(const Scope& scope, const Options& options) {
  require(!options.convs.empty() && options.in_channels >= 1 && options.out_channels >= 1, "DGCNN ", scope.name(), ": ",
          options.convs.size(), " convolutions from ", options.in_channels, " to ", options.out_channels,
          " channels; all are at least 1");
  std::vector<DGCNNConv> convs;
  std::int64_t in = options.in_channels;
  for (const std::vector<std::int64_t>& layers : options.convs) {
    std::vector<std::int64_t> channels{in};
    channels.insert(channels.end(), layers.begin(), layers.end());
    convs.emplace_back(scope / cat("convs.", convs.size()), channels, options.k);
    in = channels.back();
  }
  return convs;
}

std::int64_t total_channels(const std::vector<std::vector<std::int64_t>>& convs) {
  std::int64_t total = 0;
  for (const auto& layers : convs) total += layers.back();
  return total;
}

/// The results of all convolutions side by side.
Tensor convolve(const std::vector<DGCNNConv>& convs, const Graph& graph, const Batch& batch, const Tensor& x,
                const Mode& mode) {
  std::vector<Tensor> all;
  for (const DGCNNConv& conv : convs) all.push_back(conv(graph, batch, all.empty() ? x : all.back(), mode));
  return ops::concatenate(all);
}

}  // namespace

NormedLinear::NormedLinear(const Scope& scope, std::int64_t in, std::int64_t out, bool bias)
    : lin(scope / "lin", in, out, {.bias = bias}), norm(scope / "norm", {.in_channels = out}) {}

Tensor NormedLinear::operator()(const Tensor& x, const Mode& mode) const { return finish(lin(x), mode); }

Tensor NormedLinear::finish(const Tensor& product, const Mode& mode) const {
  return ops::leaky_relu(norm(product, mode), slope);
}

DGCNNConv::DGCNNConv(const Scope& scope, std::span<const std::int64_t> channels, std::int64_t k) : k_(k) {
  require(k >= 1 && channels.size() >= 2, "DGCNNConv ", scope.name(), ": k ", k, " and ", channels.size(),
          " numbers of channels; at least 1 and 2");
  for (std::size_t l = 0; l + 1 < channels.size(); ++l)
    layers_.emplace_back(scope / cat(l), (l == 0 ? 2 : 1) * channels[l], channels[l + 1]);
}

Tensor DGCNNConv::operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const {
  const Graph nearest = knn_graph(graph, x, {.k = k_, .include_self = true}, batch);
  // W1 x_i + W2 (x_j - x_i): products over nodes, not over edges.
  const Tensor& weight = layers_.front().lin.weight;
  const std::int64_t c = weight.cols() / 2;
  const Tensor of_source = ops::slice_columns(weight, c, c);
  const Tensor source = ops::linear(x, of_source);
  const Tensor target = ops::linear(x, ops::subtract(ops::slice_columns(weight, 0, c), of_source));
  const Tensor nothing = Tensor::empty(nearest.n_edges(), 0, x.dtype(), nearest.edges(), x.device());
  const Tensor no_weight = Tensor::empty(weight.rows(), 0, x.dtype(), nullptr, x.device());
  Tensor edges = ops::edge_linear(nearest, target, source, ops::halo(nearest, source), nothing, no_weight);
  edges = layers_.front().finish(edges, mode);
  for (std::size_t l = 1; l < layers_.size(); ++l) edges = layers_[l](edges, mode);
  return ops::segment_max(nearest, edges);
}

DGCNN::DGCNN(const Scope& scope, const DGCNNOptions& options)
    : convs_(make_convs(scope, options)),
      embedding_(scope / "embedding", total_channels(options.convs), options.embedding) {
  std::int64_t in = 2 * options.embedding;
  for (const std::int64_t out : options.hidden) {
    const Scope layer = scope / cat("hidden.", hidden_.size());
    dropout_.emplace_back(layer / "dropout", options.dropout);
    hidden_.emplace_back(layer, in, out, !hidden_.empty());
    in = out;
  }
  out_ = Linear(scope / "out", in, options.out_channels);
}

Tensor DGCNN::operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const {
  const Tensor embedded = embedding_(convolve(convs_, graph, batch, x, mode), mode);
  const std::array<Tensor, 2> pooled{ops::graph_max(batch, embedded), ops::graph_mean(batch, embedded)};
  Tensor y = ops::concatenate(pooled);
  for (std::size_t l = 0; l < hidden_.size(); ++l) y = dropout_[l](graph, hidden_[l](y, mode), mode);
  return out_(y);
}

DGCNNSegmentation::DGCNNSegmentation(const Scope& scope, const DGCNNSegmentationOptions& options)
    : convs_(make_convs(scope, options)),
      embedding_(scope / "embedding", total_channels(options.convs), options.embedding),
      dropout_(scope / "dropout", options.dropout) {
  std::int64_t in = options.embedding + total_channels(options.convs);
  for (const std::int64_t out : options.hidden) {
    hidden_.emplace_back(scope / cat("hidden.", hidden_.size()), in, out);
    in = out;
  }
  out_ = Linear(scope / "out", in, options.out_channels, {.bias = false});
}

Tensor DGCNNSegmentation::operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const {
  const Tensor features = convolve(convs_, graph, batch, x, mode);
  const Tensor whole = ops::graph_max(batch, embedding_(features, mode));
  const std::array<Tensor, 2> both{ops::gather_graph(batch, whole), features};
  Tensor y = ops::concatenate(both);
  for (const NormedLinear& layer : hidden_) y = layer(y, mode);
  return out_(dropout_(graph, y, mode));
}

}  // namespace halograph::nn
