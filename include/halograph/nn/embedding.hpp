// SPDX-License-Identifier: BSD-3-Clause
// A learned row for each kind of node, as torch.nn.Embedding. Which kind a node is of is a Batch whose graphs are the
// kinds: the gradient of a row is the sum over its nodes, in the same bits on any number of ranks.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>
#include <halograph/graph/dist/batch.hpp>

namespace halograph::nn {

class Embedding {
 public:
  Embedding() = default;
  /// Rows drawn from the normal distribution. With `padding` row 0 starts as zeros: kinds count from 1. No node may be
  /// of kind 0 then if the row is to stay zero.
  Embedding(std::string name, std::int64_t kinds, std::int64_t channels, DType dtype, const Random& random,
            bool padding = false);

  /// [n_nodes, channels]; kind.n_graphs() is the number of rows.
  Tensor operator()(const Batch& kind) const;

  /// `<name>.weight` [kinds, channels]
  void collect(std::vector<NamedTensor>& state) const;

 private:
  std::string name_;
  Tensor weight_;
};

}  // namespace halograph::nn
