// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/neural_fingerprint.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

NeuralFingerprint::NeuralFingerprint(const Scope& scope, const NeuralFingerprintOptions& options) {
  require(options.num_layers >= 1, "NeuralFingerprint ", scope.name(), ": num_layers is ", options.num_layers,
          "; there is at least one");
  const std::int64_t hidden = options.hidden_channels;
  for (int l = 0; l < options.num_layers; ++l)
    convs_.emplace_back(scope / cat("convs.", l), MFConvOptions{.in_channels = l == 0 ? options.in_channels : hidden,
                                                                .out_channels = hidden,
                                                                .max_degree = options.max_degree});
  for (int l = 0; l < options.num_layers; ++l)
    lins_.emplace_back(scope / cat("lins.", l), hidden, options.out_channels, LinearOptions{.bias = false});
}

Tensor NeuralFingerprint::operator()(const Graph& graph, const Batch& batch, const Tensor& x) const {
  Tensor h = x, fingerprint;
  for (std::size_t l = 0; l < convs_.size(); ++l) {
    h = ops::sigmoid(convs_[l](graph, h));
    const Tensor share = ops::graph_sum(batch, ops::softmax_columns(lins_[l](h)));
    fingerprint = l == 0 ? share : ops::add(fingerprint, share);
  }
  return fingerprint;
}

}  // namespace halograph::nn
