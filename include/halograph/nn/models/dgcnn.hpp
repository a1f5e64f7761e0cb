// SPDX-License-Identifier: BSD-3-Clause
// Dynamic graph CNNs for sets of points, Wang et al. (arXiv:1801.07829), with the layers and sizes of the authors'
// code. Their edge convolution has batch norms over edges: with a(.) = LeakyReLU(0.2),
//   x'_i = max over the k nearest j of a(norm(W_n .. a(norm(W_1 [x_i | x_j - x_i]))))
// neighbours found anew by the features of each layer, the node itself included.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/dropout.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/nn/norm/batch_norm.hpp>

namespace halograph::nn {

/// LeakyReLU(0.2)(norm(x W^T + b)), b optional.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
struct NormedLinear {
  NormedLinear(const Scope& scope, std::int64_t in, std::int64_t out, bool bias = false);
  Tensor operator()(const Tensor& x, const Mode& mode) const;
  /// The norm and what follows, on rows that are multiplied already.
  Tensor finish(const Tensor& product, const Mode& mode) const;
  Linear lin;
  BatchNorm norm;
};

/// The edge convolution above.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class DGCNNConv {
 public:
  /// `channels`: in, those of each layer of the network.
  DGCNNConv(const Scope& scope, std::span<const std::int64_t> channels, std::int64_t k);

  /// x [n_nodes, in] -> [n_nodes, out]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const;

 private:
  std::int64_t k_;
  std::vector<NormedLinear> layers_;
};

struct DGCNNOptions {
  std::int64_t in_channels = 3, out_channels = 40;
  std::int64_t k = 20;
  /// The layers of each edge convolution.
  std::vector<std::vector<std::int64_t>> convs = {{64}, {64}, {128}, {256}};
  std::int64_t embedding = 1024;                  ///< made of all convolutions side by side, then pooled
  std::vector<std::int64_t> hidden = {512, 256};  ///< of the classifier
  double dropout = 0.5;
};

/// Classes of whole sets of points, from maximum and mean over each set. Layers of the classifier have norms but for
/// the last one and biases but for the first one, as in the authors' code. 1,809,576 parameters with the defaults.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class DGCNN {
 public:
  using Options = DGCNNOptions;

  /// `convs.<l>.<m>`, `embedding` and `hidden.<l>` with `.lin` and `.norm` each, `out`.
  DGCNN(const Scope& scope, const DGCNNOptions& options);

  /// x [n_nodes, in_channels] -> replicated [n_graphs, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const;

 private:
  std::vector<DGCNNConv> convs_;
  NormedLinear embedding_;
  std::vector<NormedLinear> hidden_;
  std::vector<Dropout> dropout_;
  Linear out_;
};

/// As DGCNNOptions with the values of the authors' segmentation of scenes.
struct DGCNNSegmentationOptions {
  std::int64_t in_channels = 9, out_channels = 13;
  std::int64_t k = 20;
  std::vector<std::vector<std::int64_t>> convs = {{64, 64}, {64, 64}, {64}};
  std::int64_t embedding = 1024;  ///< its maximum over the set goes back to each point
  std::vector<std::int64_t> hidden = {512, 256};
  double dropout = 0.5;  ///< before the last layer
};

/// Classes of points. No layer but the norms has a bias.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class DGCNNSegmentation {
 public:
  using Options = DGCNNSegmentationOptions;

  /// As DGCNN.
  DGCNNSegmentation(const Scope& scope, const DGCNNSegmentationOptions& options);

  /// x [n_nodes, in_channels] -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x, const Mode& mode) const;

 private:
  std::vector<DGCNNConv> convs_;
  NormedLinear embedding_;
  std::vector<NormedLinear> hidden_;
  Dropout dropout_;
  Linear out_;
};

}  // namespace halograph::nn
