// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/painn.hpp>

#include <numbers>

#include <halograph/core/error.hpp>
#include <halograph/core/words.hpp>
#include <halograph/ops/geometry.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/radial.hpp>
#include <halograph/ops/rearrange.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/split.hpp>
#include <halograph/ops/vector_message.hpp>

#include "nn/atoms.hpp"

namespace halograph::nn {
namespace {

constexpr std::size_t axes = 3;
constexpr Words<RadialBasis, 2> bases{{{"bessel", RadialBasis::bessel}, {"gaussian", RadialBasis::gaussian}}};

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

RadialBasis parse_radial_basis(std::string_view word) { return parse_word(bases, "radial_basis", word); }
std::string_view name_of(RadialBasis basis) { return word_of(bases, basis); }

PaiNN::PaiNN(const Scope& scope, const PaiNNOptions& options) : name_(scope.name()), options_(options) {
  const auto& o = options_;
  const std::int64_t f = o.hidden_channels;
  require(o.num_interactions >= 0, "PaiNN ", name_, ": num_interactions is ", o.num_interactions);
  require(f > 1, "PaiNN ", name_, ": hidden_channels is ", f, "; it is above 1");
  require(o.num_radial > 1, "PaiNN ", name_, ": num_radial is ", o.num_radial, "; it is above 1");
  require(o.cutoff > 0, "PaiNN ", name_, ": cutoff is ", o.cutoff, "; it is above 0");
  require(o.epsilon > 0, "PaiNN ", name_, ": epsilon is ", o.epsilon, "; it is above 0");
  check_readout("PaiNN", name_, o.readout);
  const double pitch = std::numbers::pi / o.cutoff;
  const auto linear = [&](const std::string& part, std::int64_t in, std::int64_t out, bool bias = true) {
    return Linear(scope / part, in, out, {.bias = bias, .glorot = true});
  };
  const auto two = [&](const std::string& part, std::int64_t in, std::int64_t hidden, std::int64_t out) {
    const Linear first = linear(part + ".0", in, hidden);
    return std::array<Linear, 2>{first, linear(part + ".1", hidden, out)};
  };
  embedding_ = Embedding(scope / "embedding", {.kinds = o.max_z, .channels = f, .padding = true});
  radial_ = o.radial_basis == RadialBasis::bessel
                ? evenly_spaced(scope, "radial_basis.freqs", pitch, pitch, o.num_radial)
                : evenly_spaced(scope, "radial_basis.offsets", 0, o.cutoff / double(o.num_radial - 1), o.num_radial);
  if (o.num_interactions > 0) filter_net_ = linear("filter_net", o.num_radial, o.num_interactions * 3 * f);
  layers_.resize(std::size_t(o.num_interactions));
  for (std::size_t l = 0; l < layers_.size(); ++l)
    layers_[l].interatomic = two(cat("interactions.", l, ".interatomic_context_net"), f, f, 3 * f);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    layers_[l].intraatomic = two(cat("mixing.", l, ".intraatomic_context_net"), 2 * f, f, 3 * f);
    layers_[l].channel_mix = linear(cat("mixing.", l, ".mu_channel_mix"), f, 2 * f, false);
  }
  outnet_ = two("outnet", f, f / 2, 1);
}

PaiNN::Edges PaiNN::prepare(const Graph& graph, const Tensor& pos, const Tensor& shift) const {
  const Tensor vectors = ops::displacement(graph, pos, shift);
  const Tensor distance = ops::length(vectors);
  const double delta = options_.cutoff / double(options_.num_radial - 1);
  const Tensor basis = options_.radial_basis == RadialBasis::bessel
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

PaiNN::Features PaiNN::features(const Graph& graph, const Kinds& z, const Tensor& pos, const Tensor& shift) const {
  Features now{embedding_(z), {}};
  if (layers_.empty()) return now;
  const Edges edges = prepare(graph, pos, shift);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    message(graph, layers_[l], edges, l, now);
    mix(layers_[l], now);
  }
  return now;
}

Tensor PaiNN::operator()(const Graph& graph, const Batch& batch, const Kinds& z, const Tensor& pos,
                         const Tensor& shift) const {
  const Tensor energy = with_silu(outnet_, features(graph, z, pos, shift).scalar);
  return readout(options_.readout, batch, energy);
}

}  // namespace halograph::nn
