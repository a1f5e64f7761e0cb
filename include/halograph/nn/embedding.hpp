// SPDX-License-Identifier: BSD-3-Clause
// Looks up a learned row for the kind of each node, as torch.nn.Embedding. The gradient of a row is the sum over the
// nodes of its kind, in the same bits on any number of ranks.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/kinds.hpp>

namespace halograph::nn {

struct EmbeddingOptions {
  std::int64_t kinds = 0, channels = 0;
  /// Row 0 starts as zeros: kinds count from 1. No node may be of kind 0 then if the row is to stay zero.
  bool padding = false;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class Embedding {
 public:
  using Options = EmbeddingOptions;

  Embedding() = default;
  /// `weight` [kinds, channels], drawn from the normal distribution.
  Embedding(const Scope& scope, const EmbeddingOptions& options);

  /// Returns [n_nodes, channels]; kinds.n_kinds() is the number of rows. Collective.
  Tensor operator()(const Kinds& kinds) const;

 private:
  std::string name_;
  Tensor weight_;
};

}  // namespace halograph::nn
