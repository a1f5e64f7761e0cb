// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/schnet.hpp>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/radial.hpp>

#include "nn/radial_grid.hpp"
#include "nn/two_layers.hpp"

namespace halograph::nn {

SchNet::SchNet(std::string name, const SchNetOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)), options_(options) {
  const auto& o = options_;
  require(o.num_interactions >= 0, "SchNet ", name_, ": num_interactions is ", o.num_interactions);
  require(o.num_gaussians > 1, "SchNet ", name_, ": num_gaussians is ", o.num_gaussians, "; it is above 1");
  require(o.cutoff > 0, "SchNet ", name_, ": cutoff is ", o.cutoff, "; it is above 0");
  require(o.readout == "add" || o.readout == "mean", "SchNet ", name_, ": readout is '", o.readout,
          "', not add or mean");
  require(o.hidden_channels > 1, "SchNet ", name_, ": hidden_channels is ", o.hidden_channels, "; it is above 1");
  const double delta = o.cutoff / double(o.num_gaussians - 1);
  coefficient_ = -0.5 / (delta * delta);
  offset_ = evenly_spaced(0, delta, o.num_gaussians, dtype);
  const std::int64_t h = o.hidden_channels;
  embedding_ = Embedding(join(name_, "embedding"), o.max_z, h, dtype, random, true);
  const auto linear = [&](const std::string& full_name, std::int64_t in, std::int64_t out) {
    return Linear(full_name, in, out, dtype, random, {.glorot = true});
  };
  const CFConvOptions conv{h, h, o.num_filters, o.num_gaussians, o.cutoff, o.mask_cutoff};
  for (int l = 0; l < o.num_interactions; ++l) {
    const std::string block = join(name_, cat("interactions.", l));
    interactions_.push_back(
        {block, CFConv(join(block, "conv"), conv, dtype, random), linear(join(block, "lin"), h, h)});
  }
  lin1_ = linear(join(name_, "lin1"), h, h / 2);
  lin2_ = linear(join(name_, "lin2"), h / 2, 1);
}

Tensor SchNet::operator()(const Graph& graph, const Batch& batch, const Batch& z, const Tensor& pos,
                          const Tensor& shift) const {
  const Tensor distance = ops::length(ops::displacement(graph, pos, shift));
  const Tensor basis = ops::gaussian_basis(distance, offset_, coefficient_);
  Tensor h = embedding_(z);
  for (const Interaction& block : interactions_)
    h = ops::add(h, two_layers(block.conv.lin2(), block.lin, ops::Activation::ssp,
                               block.conv.filtered(graph, h, distance, basis)));
  const Tensor energy = two_layers(lin1_, lin2_, ops::Activation::ssp, h);
  return options_.readout == "add" ? ops::graph_sum(batch, energy) : ops::graph_mean(batch, energy);
}

void SchNet::collect(std::vector<NamedTensor>& state) const {
  embedding_.collect(state);
  state.push_back({join(name_, "distance_expansion.offset"), offset_, true});
  for (const Interaction& block : interactions_) {
    for (const int k : {0, 2}) {
      Linear filter = block.conv.filter(k);
      filter.name = join(block.name, cat("mlp.", k));
      filter.collect(state);
    }
    block.conv.collect(state);
    block.lin.collect(state);
  }
  lin1_.collect(state);
  lin2_.collect(state);
}

}  // namespace halograph::nn
