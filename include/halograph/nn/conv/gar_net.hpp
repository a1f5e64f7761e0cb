// SPDX-License-Identifier: BSD-3-Clause
// GarNet (Qasim et al., arXiv:1902.07987): nodes exchange features through A aggregators that all nodes of a graph
// share, no edges. With f = lin_flr(x), d = lin_s(x) and w = exp(-|d|) or exp(-d^2):
//   original     f' = [f | w], G_a = [max over nodes of w_a f' | mean over nodes of w_a f'],
//                y = activation(lin_out([x | w_1 G_1 | .. | w_A G_A | w]))
//   simplified   (arXiv:2008.03601) G_a = 1/V sum over nodes of w_a f, y = activation(lin_out([w_1 G_1 | .. | w_A
//   G_A])),
//                V the number of nodes or a fixed one; optionally collapsed to one row for each graph
// The columns of lin_out meet the aggregators of a graph before its nodes, so memory is that of nodes with their
// inputs, A and P columns, and work N (A P + A out), never N A P numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct GarNetOptions {
  enum class Mode : std::uint8_t { original, simplified };
  enum class Potential : std::uint8_t { exp_abs, exp_square };
  enum class Collapse : std::uint8_t { none, mean, sum, max };

  std::int64_t in_channels = 0, out_channels = 0;
  std::int64_t aggregators = 0;  ///< A
  std::int64_t propagate = 0;    ///< P, columns of f
  Mode mode = Mode::original;
  Potential potential = Potential::exp_abs;
  ops::Activation activation = ops::Activation::tanh;
  std::optional<double> norm = {};     ///< simplified: V; without one the nodes of each graph are counted
  Collapse collapse = Collapse::none;  ///< simplified: what is made of a graph's rows; mean is the sum divided by V
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class GarNet {
 public:
  using Options = GarNetOptions;

  /// `<name>.lin_flr`, `<name>.lin_s`, `<name>.lin_out`, with weight and bias each.
  GarNet(const Scope& scope, const GarNetOptions& options);

  /// x [n_nodes, in_channels] -> [n_nodes, out_channels], or replicated [n_graphs, out_channels] if collapsed.
  /// Collective.
  Tensor operator()(const Batch& batch, const Tensor& x) const;

 private:
  Tensor original(const Batch& batch, const Tensor& x, const Tensor& f, const Tensor& w) const;
  Tensor simplified(const Batch& batch, const Tensor& f, const Tensor& w) const;
  Tensor divide_by_nodes(const Batch& batch, const Tensor& sums) const;

  std::string name_;
  GarNetOptions options_;
  Linear lin_flr_, lin_s_, lin_out_;
};

}  // namespace halograph::nn
