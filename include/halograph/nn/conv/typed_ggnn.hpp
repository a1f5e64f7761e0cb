// SPDX-License-Identifier: BSD-3-Clause
// A gated graph network with edges of several types and the same parameters in every step: the original form (Li et
// al., "Gated graph sequence neural networks", 2016), with the recurrent unit of torch.nn.GRUCell. What an edge sends
// is made once per node and type; memory is that of nodes.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/scope.hpp>
#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/nn/gru_cell.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct TypedGGNNOptions {
  std::int64_t in_channels = 0, out_channels = 0, num_types = 1, steps = 1;
};

/// h = [x | 0]; `steps` times: a_i = sum over in-edges e = (j -> i) of W_t h_j + b_t with t the type of e, h = GRU(a,
/// h). Parameters `lins.<t>.weight` [out, out], `lins.<t>.bias` and those of the GRUCell `rnn`.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class TypedGGNN {
 public:
  using Options = TypedGGNNOptions;
  TypedGGNN(const Scope& scope, const TypedGGNNOptions& options);

  /// `graphs` of typed_graphs(), one a type; x [n_nodes, in] -> [n_nodes, out]. Collective: a halo exchange of `out`
  /// channels for each step and type.
  Tensor operator()(const std::vector<Subgraph>& graphs, const Tensor& x) const;

 private:
  std::string name_;
  TypedGGNNOptions options_;
  std::vector<Linear> lins_;
  GRUCell rnn_;
};

}  // namespace halograph::nn
