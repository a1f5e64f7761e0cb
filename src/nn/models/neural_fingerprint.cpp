// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/neural_fingerprint.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

NeuralFingerprint::NeuralFingerprint(std::string name, const NeuralFingerprintOptions& options, DType dtype,
                                     const Random& random) {
  require(options.num_layers >= 1, "NeuralFingerprint ", name, ": num_layers is ", options.num_layers,
          "; there is at least one");
  for (int l = 0; l < options.num_layers; ++l) {
    const std::int64_t in = l == 0 ? options.in_channels : options.hidden_channels;
    convs_.emplace_back(
        join(name, cat("convs.", l)),
        MFConvOptions{.in_channels = in, .out_channels = options.hidden_channels, .max_degree = options.max_degree},
        dtype, random);
    lins_.emplace_back(join(name, cat("lins.", l)), options.hidden_channels, options.out_channels, dtype, random,
                       LinearOptions{.bias = false});
  }
}

Tensor NeuralFingerprint::operator()(const Graph& graph, const Tensor& x, const Batch& batch) const {
  Tensor h = x, fingerprint;
  for (std::size_t l = 0; l < convs_.size(); ++l) {
    h = ops::sigmoid(convs_[l](graph, h));
    const Tensor share = ops::graph_sum(batch, ops::softmax_columns(lins_[l](h)));
    fingerprint = l == 0 ? share : ops::add(fingerprint, share);
  }
  return fingerprint;
}

void NeuralFingerprint::collect(std::vector<NamedTensor>& state) const {
  for (const MFConv& conv : convs_) conv.collect(state);
  for (const Linear& lin : lins_) lin.collect(state);
}

}  // namespace halograph::nn
