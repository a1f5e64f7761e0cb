// SPDX-License-Identifier: BSD-3-Clause
// Principal neighbourhood aggregation, Corso et al. (arXiv:2004.05718), as PyTorch Geometric's PNAConv. In each of T
// towers
//   m_ji = pre([x_i | x_j | edge_encoder(edge_attr_ji)]),  a_i = the aggregates of m side by side
//   y_i = post([x_i | s_1(d_i) a_i | s_2(d_i) a_i | ...])
// and x'_i = lin([y of all towers]); d_i is the in-degree and the scalers s compare it with the degrees of the training
// graphs. pre's first layer is split into target and source columns, and edge_encoder is folded into it; post's is
// applied to a before the scalers, which are one number a node, so the scaled copies of a never exist. Messages are
// kept, [n_edges, width] for each tower. Collective: one exchange for all towers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <halograph/nn/mlp.hpp>
#include <halograph/ops/aggregate.hpp>

namespace halograph::nn {

/// identity: 1; amplification: log(d + 1) / delta; attenuation: delta / log(max(d, 1) + 1); linear: d / mean d;
/// inverse_linear: mean d / max(d, 1); with delta the mean of log(d + 1).
enum class DegreeScaler : std::uint8_t { identity, amplification, attenuation, linear, inverse_linear };
/// Throws UsageError naming the known ones.
DegreeScaler parse_degree_scaler(std::string_view word);
std::string_view name_of(DegreeScaler scaler);

struct PNAConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  std::vector<ops::Aggregation> aggregators = {};
  std::vector<DegreeScaler> scalers = {};
  std::vector<std::int64_t> deg = {};  ///< deg[d] nodes of the training graphs have in-degree d; see degree_histogram
  std::int64_t edge_dim = 0;           ///< columns of edge_attr; 0: there is none
  std::int64_t towers = 1;
  std::int64_t pre_layers = 1, post_layers = 1;  ///< linear layers
  ops::Activation act = ops::Activation::relu;   ///< between them
  bool divide_input = false;                     ///< whether a tower sees its share of the columns of x only
};

/// For PNAConvOptions::deg. Collective.
std::vector<std::int64_t> degree_histogram(const Graph& graph);

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class PNAConv {
 public:
  using Options = PNAConvOptions;

  /// `aggr_module.avg_deg_lin`, `aggr_module.avg_deg_log` (buffers), `edge_encoder.*`, `pre_nns.<tower>.<k>.*`,
  /// `post_nns.<tower>.<k>.*`, `lin.*`.
  PNAConv(const Scope& scope, const PNAConvOptions& options);

  /// x [n_nodes, in_channels], edge_attr [n_edges, edge_dim] or undefined -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr = {}) const;

 private:
  struct Tower {
    std::vector<Linear> pre, post;
  };
  std::int64_t tower_inputs() const { return options_.in_channels / (options_.divide_input ? options_.towers : 1); }
  Tensor tower_columns(const Tensor& x, std::int64_t tower) const;
  Tensor messages(const Graph& graph, const Tower& tower, const Tensor& x, const Tensor& source, const Tensor& ghosts,
                  const Tensor& edge_attr) const;
  Tensor scaled(const Tower& tower, const Tensor& x, const Tensor& aggregates, const std::vector<Tensor>& scales) const;
  Tensor scale(DegreeScaler scaler, const Tensor& degree) const;

  std::string name_;
  PNAConvOptions options_;
  Tensor avg_deg_lin_, avg_deg_log_;  ///< [1, 1]
  Linear edge_encoder_, lin_;
  std::vector<Tower> towers_;
};

}  // namespace halograph::nn
