// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/dgcnn.hpp>

#include <array>

#include <halograph/core/error.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

constexpr double slope = 0.2;

/// A chain of convolutions, and the channels of all of them side by side.
template <class Options>
std::vector<DGCNNConv> make_convs(const std::string& name, const Options& options, DType dtype, const Random& random) {
  require(!options.convs.empty() && options.in_channels >= 1 && options.out_channels >= 1, "DGCNN ", name, ": ",
          options.convs.size(), " convolutions from ", options.in_channels, " to ", options.out_channels,
          " channels; all are at least 1");
  std::vector<DGCNNConv> convs;
  std::int64_t in = options.in_channels;
  for (const std::vector<std::int64_t>& layers : options.convs) {
    std::vector<std::int64_t> channels{in};
    channels.insert(channels.end(), layers.begin(), layers.end());
    convs.emplace_back(join(name, cat("convs.", convs.size())), channels, options.k, dtype, random);
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
Tensor convolve(const std::vector<DGCNNConv>& convs, const Graph& nodes, const Tensor& x, const Batch& batch,
                const Mode& mode) {
  std::vector<Tensor> all;
  for (const DGCNNConv& conv : convs) all.push_back(conv(nodes, all.empty() ? x : all.back(), batch, mode));
  return ops::concatenate(all);
}

template <class Model>
void collect_parts(const std::vector<Model>& parts, std::vector<NamedTensor>& state) {
  for (const Model& part : parts) part.collect(state);
}

}  // namespace

NormedLinear::NormedLinear(const std::string& name, std::int64_t in, std::int64_t out, DType dtype,
                           const Random& random, bool bias)
    : lin(join(name, "lin"), in, out, dtype, random, {.bias = bias}),
      norm(join(name, "norm"), {.in_channels = out}, dtype) {}

Tensor NormedLinear::operator()(const Tensor& x, const Mode& mode) const { return finish(lin(x), mode); }

Tensor NormedLinear::finish(const Tensor& product, const Mode& mode) const {
  return ops::leaky_relu(norm(product, mode), slope);
}

void NormedLinear::collect(std::vector<NamedTensor>& state) const {
  lin.collect(state);
  norm.collect(state);
}

DGCNNConv::DGCNNConv(const std::string& name, std::span<const std::int64_t> channels, std::int64_t k, DType dtype,
                     const Random& random)
    : k_(k) {
  require(k >= 1 && channels.size() >= 2, "DGCNNConv ", name, ": k ", k, " and ", channels.size(),
          " numbers of channels; at least 1 and 2");
  for (std::size_t l = 0; l + 1 < channels.size(); ++l)
    layers_.emplace_back(join(name, cat(l)), (l == 0 ? 2 : 1) * channels[l], channels[l + 1], dtype, random);
}

Tensor DGCNNConv::operator()(const Graph& nodes, const Tensor& x, const Batch& batch, const Mode& mode) const {
  const Graph graph = knn_graph(nodes, x, {.k = k_, .include_self = true}, batch);
  // W1 x_i + W2 (x_j - x_i): products over nodes, not over edges.
  const Tensor& weight = layers_.front().lin.weight;
  const std::int64_t c = weight.cols() / 2;
  const Tensor of_source = ops::slice_columns(weight, c, c);
  const Tensor source = ops::linear(x, of_source);
  const Tensor target = ops::linear(x, ops::subtract(ops::slice_columns(weight, 0, c), of_source));
  const Tensor nothing = Tensor::empty(graph.n_edges(), 0, x.dtype(), graph.edges(), x.device());
  const Tensor no_weight = Tensor::empty(weight.rows(), 0, x.dtype(), nullptr, x.device());
  Tensor edges = ops::edge_linear(graph, target, source, ops::halo(graph, source), nothing, no_weight);
  edges = layers_.front().finish(edges, mode);
  for (std::size_t l = 1; l < layers_.size(); ++l) edges = layers_[l](edges, mode);
  return ops::segment_max(graph, edges);
}

void DGCNNConv::collect(std::vector<NamedTensor>& state) const { collect_parts(layers_, state); }

DGCNN::DGCNN(std::string name, const DGCNNOptions& options, DType dtype, const Random& random)
    : convs_(make_convs(name, options, dtype, random)),
      embedding_(join(name, "embedding"), total_channels(options.convs), options.embedding, dtype, random) {
  std::int64_t in = 2 * options.embedding;
  for (const std::int64_t out : options.hidden) {
    const std::string layer = join(name, cat("hidden.", hidden_.size()));
    dropout_.emplace_back(join(layer, "dropout"), options.dropout, random);
    hidden_.emplace_back(layer, in, out, dtype, random, !hidden_.empty());
    in = out;
  }
  out_ = Linear(join(name, "out"), in, options.out_channels, dtype, random);
}

Tensor DGCNN::operator()(const Graph& nodes, const Tensor& x, const Batch& batch, const Mode& mode) const {
  const Tensor embedded = embedding_(convolve(convs_, nodes, x, batch, mode), mode);
  const std::array<Tensor, 2> pooled{ops::graph_max(batch, embedded), ops::graph_mean(batch, embedded)};
  Tensor y = ops::concatenate(pooled);
  for (std::size_t l = 0; l < hidden_.size(); ++l) y = dropout_[l](nodes, hidden_[l](y, mode), mode);
  return out_(y);
}

void DGCNN::collect(std::vector<NamedTensor>& state) const {
  collect_parts(convs_, state);
  embedding_.collect(state);
  collect_parts(hidden_, state);
  out_.collect(state);
}

DGCNNSegmentation::DGCNNSegmentation(std::string name, const DGCNNSegmentationOptions& options, DType dtype,
                                     const Random& random)
    : convs_(make_convs(name, options, dtype, random)),
      embedding_(join(name, "embedding"), total_channels(options.convs), options.embedding, dtype, random),
      dropout_(join(name, "dropout"), options.dropout, random) {
  std::int64_t in = options.embedding + total_channels(options.convs);
  for (const std::int64_t out : options.hidden) {
    hidden_.emplace_back(join(name, cat("hidden.", hidden_.size())), in, out, dtype, random);
    in = out;
  }
  out_ = Linear(join(name, "out"), in, options.out_channels, dtype, random, {.bias = false});
}

Tensor DGCNNSegmentation::operator()(const Graph& nodes, const Tensor& x, const Batch& batch, const Mode& mode) const {
  const Tensor features = convolve(convs_, nodes, x, batch, mode);
  const Tensor whole = ops::graph_max(batch, embedding_(features, mode));
  const std::array<Tensor, 2> both{ops::gather_graph(batch, whole), features};
  Tensor y = ops::concatenate(both);
  for (const NormedLinear& layer : hidden_) y = layer(y, mode);
  return out_(dropout_(nodes, y, mode));
}

void DGCNNSegmentation::collect(std::vector<NamedTensor>& state) const {
  collect_parts(convs_, state);
  embedding_.collect(state);
  collect_parts(hidden_, state);
  out_.collect(state);
}

}  // namespace halograph::nn
