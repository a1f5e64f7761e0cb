// SPDX-License-Identifier: BSD-3-Clause
// Dropout (Srivastava et al., 2014): while training each value is zero with probability p and scaled by 1 / (1 - p)
// otherwise. Whether it is kept follows from the seed, the layer's name, the step, the value's column and which row it
// is: a node by its id, an edge by the ids of its ends and its place among the edges between them, a row of a
// replicated tensor by its number. So the mask is the same on any number of ranks and for any patches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/nn/mode.hpp>

namespace halograph::nn {

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class Dropout {
 public:
  /// The scope names the stream of random numbers: two dropouts of a model have different ones.
  Dropout(const Scope& scope, double p);

  /// Nodes or edges of `graph`, or replicated -> the same shape; x itself in evaluation.
  Tensor operator()(const Graph& graph, const Tensor& x, const Mode& mode) const;

  double p() const { return p_; }

 private:
  std::string name_;
  double p_;
  Random random_;
};

/// For each local edge a number that follows from the ids of its target and source and its place among equals.
std::vector<std::int64_t> edge_keys(const Graph& graph);

}  // namespace halograph::nn
