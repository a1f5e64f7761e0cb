// SPDX-License-Identifier: BSD-3-Clause
// PaiNN (Schuett, Unke, Gastegger, arXiv:2102.03150): scalar features q and vector features mu, [n_nodes, F] each for
// every axis, updated so that rotations of the atoms rotate mu and leave q alone. With c = interatomic_context_net(q),
// filters W = filter_net(basis(d)) * cosine cutoff, both in three parts, r the unit vector from target i to source j:
//   message: q_i += sum of W1 c1_j,   mu_i += sum of W2 c2_j r + sum of W3 c3_j mu_j
//   mixing:  V, U = mu_channel_mix(mu), a1, a2, a3 = intraatomic_context_net([q | |V|])
//            q += a1 + a3 <V, U>,     mu += a2 U
// and the energy of a graph = sum or mean over its atoms of outnet(q). Edges as for SchNet.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/embedding.hpp>
#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

enum class RadialBasis : std::uint8_t { bessel, gaussian };
/// "bessel" or "gaussian". Throws UsageError naming the known ones.
RadialBasis parse_radial_basis(std::string_view word);
std::string_view name_of(RadialBasis basis);

struct PaiNNOptions {
  std::int64_t hidden_channels = 128;
  int num_interactions = 3;
  std::int64_t num_radial = 20;
  double cutoff = 5;
  RadialBasis radial_basis = RadialBasis::bessel;
  ops::Aggregation readout = ops::Aggregation::sum;  ///< or mean
  std::int64_t max_z = 100;                          ///< atomic numbers are below this
  double epsilon = 1e-8;                             ///< |V| is the root of the sum of squares + epsilon
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class PaiNN {
 public:
  struct Features {
    Tensor scalar;                 ///< [n_nodes, F]
    std::array<Tensor, 3> vector;  ///< [n_nodes, F] for each axis; undefined before the first message
  };

  using Options = PaiNNOptions;

  /// Names of SchNetPack: `embedding.weight`, `radial_basis.*` (buffers), `filter_net.*`,
  /// `interactions.l.interatomic_context_net.k.*`, `mixing.l.mu_channel_mix.weight`,
  /// `mixing.l.intraatomic_context_net.k.*`, `outnet.k.*`
  PaiNN(const Scope& scope, const PaiNNOptions& options);

  /// As SchNet: [n_graphs, 1]. Collective.
  Tensor operator()(const Graph& graph, const Batch& batch, const Kinds& z, const Tensor& pos,
                    const Tensor& shift = {}) const;

  /// What the readout is made from; vectors are undefined without interactions. Collective.
  Features features(const Graph& graph, const Kinds& z, const Tensor& pos, const Tensor& shift = {}) const;

 private:
  struct Layer {
    std::array<Linear, 2> interatomic, intraatomic;
    Linear channel_mix;
  };
  /// What edges give to every layer.
  struct Edges {
    Tensor direction;             ///< [n_edges, 3]
    std::vector<Tensor> filters;  ///< one for each layer, [n_edges, 3 F]
  };
  Edges prepare(const Graph& graph, const Tensor& pos, const Tensor& shift) const;
  void message(const Graph& graph, const Layer& layer, const Edges& edges, std::size_t l, Features& now) const;
  void mix(const Layer& layer, Features& now) const;

  std::string name_;
  PaiNNOptions options_;
  Tensor radial_;
  Embedding embedding_;
  Linear filter_net_;
  std::vector<Layer> layers_;
  std::array<Linear, 2> outnet_;
};

}  // namespace halograph::nn
