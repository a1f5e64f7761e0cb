// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/painn.hpp>

#include <numbers>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/radial.hpp>
#include <halograph/ops/rearrange.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/split.hpp>
#include <halograph/ops/vector_message.hpp>

#include "nn/radial_grid.hpp"
#include "nn/two_layers.hpp"

namespace halograph::nn {
namespace {

constexpr std::size_t axes = 3;

Tensor with_silu(const std::array<Linear, 2>& layers, std::span<const Tensor> inputs) {
  return two_layers(layers[0], layers[1], ops::Activation::silu, inputs);
}
Tensor with_silu(const std::array<Linear, 2>& layers, const Tensor& x) { return with_silu(layers, std::span(&x, 1)); }

/// The sum over axes of the products.
Tensor dot(const std::array<Tensor, axes>& a, const std::array<Tensor, axes>& b) {
  Tensor sum = ops::multiply(a[0], b[0]);
  for (std::size_t k = 1; k < axes; ++k) sum = ops::add(sum, ops::multiply(a[k], b[k]));
  return sum;
}

}  // namespace

PaiNN::PaiNN(std::string name, const PaiNNOptions& options, DType dtype, const Random& random)
    : name_(std::move(name)), options_(options) {
  const auto& o = options_;
  const std::int64_t f = o.hidden_channels;
  require(o.num_interactions >= 0, "PaiNN ", name_, ": num_interactions is ", o.num_interactions);
  require(f > 1, "PaiNN ", name_, ": hidden_channels is ", f, "; it is above 1");
  require(o.num_radial > 1, "PaiNN ", name_, ": num_radial is ", o.num_radial, "; it is above 1");
  require(o.cutoff > 0, "PaiNN ", name_, ": cutoff is ", o.cutoff, "; it is above 0");
  require(o.epsilon > 0, "PaiNN ", name_, ": epsilon is ", o.epsilon, "; it is above 0");
  require(o.readout == "add" || o.readout == "mean", "PaiNN ", name_, ": readout is '", o.readout,
          "', not add or mean");
  require(o.radial_basis == "bessel" || o.radial_basis == "gaussian", "PaiNN ", name_, ": radial_basis is '",
          o.radial_basis, "', not bessel or gaussian");
  const double pitch = std::numbers::pi / o.cutoff;
  radial_ = o.radial_basis == "bessel" ? evenly_spaced(pitch, pitch, o.num_radial, dtype)
                                       : evenly_spaced(0, o.cutoff / double(o.num_radial - 1), o.num_radial, dtype);
  const auto linear = [&](const std::string& part, std::int64_t in, std::int64_t out, bool bias = true) {
    return Linear(join(name_, part), in, out, dtype, random, {.bias = bias, .glorot = true});
  };
  const auto two = [&](const std::string& part, std::int64_t in, std::int64_t hidden, std::int64_t out) {
    return std::array<Linear, 2>{linear(part + ".0", in, hidden), linear(part + ".1", hidden, out)};
  };
  embedding_ = Embedding(join(name_, "embedding"), o.max_z, f, dtype, random, true);
  if (o.num_interactions > 0) filter_net_ = linear("filter_net", o.num_radial, o.num_interactions * 3 * f);
  for (int l = 0; l < o.num_interactions; ++l)
    layers_.push_back({two(cat("interactions.", l, ".interatomic_context_net"), f, f, 3 * f),
                       two(cat("mixing.", l, ".intraatomic_context_net"), 2 * f, f, 3 * f),
                       linear(cat("mixing.", l, ".mu_channel_mix"), f, 2 * f, false)});
  outnet_ = two("outnet", f, f / 2, 1);
}

PaiNN::Edges PaiNN::prepare(const Graph& graph, const Tensor& pos, const Tensor& shift) const {
  const Tensor vectors = ops::displacement(graph, pos, shift);
  const Tensor distance = ops::length(vectors);
  const double delta = options_.cutoff / double(options_.num_radial - 1);
  const Tensor basis = options_.radial_basis == "bessel"
                           ? ops::bessel_basis(distance, radial_)
                           : ops::gaussian_basis(distance, radial_, -0.5 / (delta * delta));
  // (basis W^T + b) cutoff with the factor at the narrow side: [basis cutoff | cutoff] [W | b]^T.
  const Tensor cutoff = ops::cosine_cutoff(distance, options_.cutoff);
  const std::array<Tensor, 2> columns{ops::multiply(basis, cutoff), cutoff};
  const std::array<Tensor, 2> weights{filter_net_.weight, ops::transposed(filter_net_.bias)};
  const Tensor weight = ops::concatenate(weights);
  Edges edges{ops::direction(vectors), {}};
  const std::int64_t rows = 3 * options_.hidden_channels;
  for (int l = 0; l < options_.num_interactions; ++l)
    edges.filters.push_back(ops::mlp(columns, {{ops::slice_rows(weight, l * rows, rows)}, {Tensor()}}));
  return edges;
}

void PaiNN::message(const Graph& graph, const Layer& layer, const Edges& edges, std::size_t l, Features& now) const {
  const std::array<Tensor, axes>& mu = now.vector;
  const bool vectors = mu[0].defined();
  const std::vector<Tensor> context = ops::split_columns(with_silu(layer.interatomic, now.scalar), 3);
  // What sources send, in one exchange: c1, c2 and, once there are vectors, c3 mu.
  std::vector<Tensor> parts{context[0], context[1]};
  for (std::size_t a = 0; a < axes && vectors; ++a) parts.push_back(ops::multiply(context[2], mu[a]));
  const Tensor sent = ops::concatenate(parts);
  const Tensor change = ops::vector_message(graph, sent, ops::halo(graph, sent), edges.filters[l], edges.direction);
  const std::vector<Tensor> arrived = ops::split_columns(change, 1 + axes);
  now.scalar = ops::add(now.scalar, arrived[0]);
  for (std::size_t a = 0; a < axes; ++a) now.vector[a] = vectors ? ops::add(mu[a], arrived[1 + a]) : arrived[1 + a];
}

void PaiNN::mix(const Layer& layer, Features& now) const {
  std::array<Tensor, axes> v, u;
  for (std::size_t a = 0; a < axes; ++a) {
    const std::vector<Tensor> mixed = ops::split_columns(layer.channel_mix(now.vector[a]), 2);
    v[a] = mixed[0];
    u[a] = mixed[1];
  }
  const std::array<Tensor, 2> inputs{now.scalar, ops::square_root(ops::scale_shift(dot(v, v), 1, options_.epsilon))};
  const std::vector<Tensor> change = ops::split_columns(with_silu(layer.intraatomic, inputs), 3);
  now.scalar = ops::add(now.scalar, ops::add(change[0], ops::multiply(change[2], dot(v, u))));
  for (std::size_t a = 0; a < axes; ++a) now.vector[a] = ops::add(now.vector[a], ops::multiply(change[1], u[a]));
}

PaiNN::Features PaiNN::features(const Graph& graph, const Batch& z, const Tensor& pos, const Tensor& shift) const {
  Features now{embedding_(z), {}};
  if (layers_.empty()) return now;
  const Edges edges = prepare(graph, pos, shift);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    message(graph, layers_[l], edges, l, now);
    mix(layers_[l], now);
  }
  return now;
}

Tensor PaiNN::operator()(const Graph& graph, const Batch& batch, const Batch& z, const Tensor& pos,
                         const Tensor& shift) const {
  const Tensor energy = with_silu(outnet_, features(graph, z, pos, shift).scalar);
  return options_.readout == "add" ? ops::graph_sum(batch, energy) : ops::graph_mean(batch, energy);
}

void PaiNN::collect(std::vector<NamedTensor>& state) const {
  embedding_.collect(state);
  const bool bessel = options_.radial_basis == "bessel";
  state.push_back({join(name_, bessel ? "radial_basis.freqs" : "radial_basis.offsets"), radial_, true});
  if (!layers_.empty()) filter_net_.collect(state);
  for (const Layer& layer : layers_)
    for (const Linear& part : layer.interatomic) part.collect(state);
  for (const Layer& layer : layers_) {
    for (const Linear& part : layer.intraatomic) part.collect(state);
    layer.channel_mix.collect(state);
  }
  for (const Linear& part : outnet_) part.collect(state);
}

}  // namespace halograph::nn
