// SPDX-License-Identifier: BSD-3-Clause
// A gated recurrent unit on every row, named and initialised as torch.nn.GRUCell (Cho et al., "Learning phrase
// representations using RNN encoder-decoder for statistical machine translation", 2014):
//   r = sigmoid(W_ir x + b_ir + W_hr h + b_hr)    z = sigmoid(W_iz x + b_iz + W_hz h + b_hz)
//   n = tanh(W_in x + b_in + r * (W_hn h + b_hn))  y = (1 - z) * n + z * h
#pragma once

#include <string>

#include <halograph/core/scope.hpp>

namespace halograph::nn {

struct GRUCellOptions {
  std::int64_t input_size = 0, hidden_size = 0;
  bool bias = true;
};

/// Parameters `weight_ih` [3 hidden, input], `weight_hh` [3 hidden, hidden], `bias_ih` and `bias_hh` [1, 3 hidden],
/// each with the rows of r, z and n in this order, all uniform within +-1 / sqrt(hidden).
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GRUCell {
 public:
  GRUCell() = default;
  using Options = GRUCellOptions;

  /// `<name>.weight_ih` and so on.
  GRUCell(const Scope& scope, const GRUCellOptions& options);

  /// x [n, input], h [n, hidden] -> [n, hidden]; without h it is 0.
  Tensor operator()(const Tensor& x, const Tensor& h = {}) const;

 private:
  std::string name_;
  GRUCellOptions options_;
  Tensor weight_ih_, weight_hh_, bias_ih_, bias_hh_;
};

}  // namespace halograph::nn
