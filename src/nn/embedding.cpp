// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/embedding.hpp>

#include <numeric>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

Embedding::Embedding(std::string name, std::int64_t kinds, std::int64_t channels, DType dtype, const Random& random,
                     bool padding)
    : name_(std::move(name)) {
  require(kinds > 0 && channels > 0, "Embedding ", name_, ": ", kinds, " kinds, ", channels, " channels");
  weight_ = Tensor::empty(kinds, channels, dtype);
  std::vector<std::int64_t> row(static_cast<std::size_t>(kinds));
  std::iota(row.begin(), row.end(), std::int64_t{0});
  random.fill_normal(weight_, join(name_, "weight"), 0, 1, row);
  if (padding) weight_.row_view(0, 1).assign(std::vector<double>(static_cast<std::size_t>(channels)));
  weight_.set_requires_grad();
}

Tensor Embedding::operator()(const Batch& kind) const {
  require(kind.n_graphs() == weight_.rows(), "Embedding ", name_, ": ", weight_.rows(), " kinds, but nodes are of ",
          kind.n_graphs());
  return ops::gather_graph(kind, weight_);
}

void Embedding::collect(std::vector<NamedTensor>& state) const { state.push_back({join(name_, "weight"), weight_}); }

}  // namespace halograph::nn
