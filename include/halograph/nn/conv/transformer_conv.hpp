// SPDX-License-Identifier: BSD-3-Clause
// Attention by dot products of queries and keys over in-edges (Shi et al., "Masked label prediction: unified message
// passing model for semi-supervised classification", 2021), named as in PyTorch Geometric. Keys and values are read
// where they are needed and features of edges meet queries before they are widened: what is kept per edge are scores
// and heads * edge_dim numbers, no rows of channels.
#pragma once

#include <string>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct TransformerConvOptions {
  std::int64_t in_channels = 0, out_channels = 0, heads = 1;
  bool concat = true;         ///< heads side by side, else their mean
  bool beta = false;          ///< a gate between the node itself and what arrives; without root_weight it is off
  std::int64_t edge_dim = 0;  ///< 0: no features of edges
  bool bias = true;           ///< of `lin_skip`
  bool root_weight = true;
};

/// For each head alpha_ji = softmax over in-edges (j -> i) of q_i . (k_j + W_e e_ji) / sqrt(out),
/// a_i = sum alpha_ji (v_j + W_e e_ji), and y_i = a_i + s_i, or with `beta` b s_i + (1 - b) a_i where
/// b = sigmoid(lin_beta [a_i | s_i | a_i - s_i]); k, q, v, s are `lin_key`, `lin_query`, `lin_value`, `lin_skip` of x.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class TransformerConv {
 public:
  using Options = TransformerConvOptions;
  TransformerConv(const Scope& scope, const TransformerConvOptions& options);

  /// x [n_nodes, in], edge_attr [n_edges, edge_dim] -> [n_nodes, heads * out], or [n_nodes, out] without concat.
  /// Collective: two halo exchanges of heads * out channels.
  Tensor operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr = {}) const;

 private:
  /// [n_nodes, heads * out]: what arrives.
  Tensor attend(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const;

  std::string name_;
  TransformerConvOptions options_;
  Linear lin_key_, lin_query_, lin_value_, lin_edge_, lin_skip_, lin_beta_;
};

}  // namespace halograph::nn
