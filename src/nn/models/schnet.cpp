// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/schnet.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/radial.hpp>

#include "nn/atoms.hpp"

namespace halograph::nn {

SchNet::SchNet(const Scope& scope, const SchNetOptions& options) : name_(scope.name()), options_(options) {
  const auto& o = options_;
  check_readout("SchNet", name_, o.readout);
  require(o.num_interactions >= 0, "SchNet ", name_, ": num_interactions is ", o.num_interactions);
  require(o.num_gaussians > 1, "SchNet ", name_, ": num_gaussians is ", o.num_gaussians, "; it is above 1");
  require(o.cutoff > 0, "SchNet ", name_, ": cutoff is ", o.cutoff, "; it is above 0");
  require(o.hidden_channels > 1, "SchNet ", name_, ": hidden_channels is ", o.hidden_channels, "; it is above 1");
  const double delta = o.cutoff / double(o.num_gaussians - 1);
  coefficient_ = -0.5 / (delta * delta);
  const std::int64_t h = o.hidden_channels;
  embedding_ = Embedding(scope / "embedding", {.kinds = o.max_z, .channels = h, .padding = true});
  offset_ = evenly_spaced(scope, "distance_expansion.offset", 0, delta, o.num_gaussians);
  const auto linear = [](const Scope& of, std::int64_t in, std::int64_t out) {
    return Linear(of, in, out, {.glorot = true});
  };
  const CFConvOptions conv{h, h, o.num_filters, o.num_gaussians, o.cutoff, o.mask_cutoff};
  for (int l = 0; l < o.num_interactions; ++l) {
    // PyTorch Geometric lists the filter network twice, under its first name as `mlp`.
    const Scope block = scope / cat("interactions.", l), own = block.detached();
    CFConv layer(own / "conv", conv);
    for (const int k : {0, 2}) {
      block.add(cat("mlp.", k, ".weight"), layer.filter(k).weight);
      block.add(cat("mlp.", k, ".bias"), layer.filter(k).bias, true);
    }
    block.add(own);
    interactions_.push_back({std::move(layer), linear(block / "lin", h, h)});
  }
  lin1_ = linear(scope / "lin1", h, h / 2);
  lin2_ = linear(scope / "lin2", h / 2, 1);
}

Tensor SchNet::operator()(const Graph& graph, const Batch& batch, const Kinds& z, const Tensor& pos,
                          const Tensor& shift) const {
  const Tensor distance = ops::length(ops::displacement(graph, pos, shift));
  const Tensor basis = ops::gaussian_basis(distance, offset_, coefficient_);
  Tensor h = embedding_(z);
  for (const Interaction& block : interactions_)
    h = ops::add(h, two_layers(block.conv.lin2(), block.lin, ops::Activation::ssp,
                               block.conv.filtered(graph, h, distance, basis)));
  const Tensor energy = two_layers(lin1_, lin2_, ops::Activation::ssp, h);
  return readout(options_.readout, batch, energy);
}

}  // namespace halograph::nn
