// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/embedding.hpp>

#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

Embedding::Embedding(const Scope& scope, const EmbeddingOptions& options) : name_(scope.name()) {
  require(options.kinds > 0 && options.channels > 0, "Embedding ", name_, ": ", options.kinds, " kinds, ",
          options.channels, " channels");
  weight_ = scope.normal("weight", options.kinds, options.channels);
  if (options.padding) weight_.row_view(0, 1).assign(std::vector<double>(std::size_t(options.channels)));
}

Tensor Embedding::operator()(const Kinds& kinds) const {
  require(kinds.n_kinds() == weight_.rows(), "Embedding ", name_, ": ", weight_.rows(), " kinds, but nodes are of ",
          kinds.n_kinds());
  return ops::gather_graph(kinds.groups(), weight_);
}

}  // namespace halograph::nn
