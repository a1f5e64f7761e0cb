// SPDX-License-Identifier: BSD-3-Clause
// SchNet (arXiv:1706.08566): energies of molecules and crystals from atomic numbers and positions.
//   h = embedding[z], d = |pos_j + shift - pos_i|, rbf_k = exp(-0.5 / delta^2 (d - mu_k)^2), mu evenly on [0, cutoff]
//   num_interactions times: h_i += lin(ssp(CFConv(h, d, rbf))_i)
//   energy of a graph = sum or mean over its atoms of lin2(ssp(lin1(h)))
// The edges are the caller's: both directions of every pair closer than the cutoff, periodic images with their shift.
#pragma once

#include <string>
#include <vector>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/conv/cf_conv.hpp>
#include <halograph/nn/embedding.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

struct SchNetOptions {
  std::int64_t hidden_channels = 128, num_filters = 128;
  int num_interactions = 6;
  std::int64_t num_gaussians = 50;
  double cutoff = 10;
  ops::Aggregation readout = ops::Aggregation::sum;  ///< or mean
  std::int64_t max_z = 100;                          ///< atomic numbers are below this
  bool mask_cutoff = true;                           ///< as CFConvOptions
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class SchNet {
 public:
  using Options = SchNetOptions;

  /// Names of PyTorch Geometric. The filter networks stand there twice, as `interactions.l.mlp.*` and as
  /// `interactions.l.conv.nn.*`; both names hold one tensor. parameters() lists it once. The centres
  /// `distance_expansion.offset` are a buffer.
  SchNet(const Scope& scope, const SchNetOptions& options);

  /// `z`: the atomic number of each node, of max_z kinds. pos [n_nodes, 3]; shift [n_edges, 3] or undefined.
  /// Returns [n_graphs, 1]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Kinds& z, const Tensor& pos,
                    const Tensor& shift = {}) const;

 private:
  struct Interaction {
    CFConv conv;
    Linear lin;
  };

  std::string name_;
  SchNetOptions options_;
  double coefficient_ = 0;  ///< -0.5 / delta^2
  Tensor offset_;
  Embedding embedding_;
  std::vector<Interaction> interactions_;
  Linear lin1_, lin2_;
};

}  // namespace halograph::nn
