// SPDX-License-Identifier: BSD-3-Clause
// Neural graph fingerprints (Duvenaud et al., arXiv:1509.09292): for each layer l,
//   x = sigmoid(MFConv_l(x)),  fingerprint_g += sum over the nodes of graph g of softmax(lins[l] x)
// Every node adds 1 to its graph's fingerprint in each layer.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/conv/mf_conv.hpp>

namespace halograph::nn {

struct NeuralFingerprintOptions {
  std::int64_t in_channels = 0, hidden_channels = 0, out_channels = 0;
  int num_layers = 1;
  int max_degree = 10;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class NeuralFingerprint {
 public:
  using Options = NeuralFingerprintOptions;

  /// `<name>.convs.l` as MFConv has them, and `<name>.lins.l.weight`.
  NeuralFingerprint(const Scope& scope, const NeuralFingerprintOptions& options);

  /// x [n_nodes, in_channels] -> replicated [n_graphs, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Tensor& x) const;

 private:
  std::vector<MFConv> convs_;
  std::vector<Linear> lins_;
};

}  // namespace halograph::nn
