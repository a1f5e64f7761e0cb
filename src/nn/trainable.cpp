// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/trainable.hpp>

#include <unordered_set>

namespace halograph::nn {

std::vector<NamedTensor> trainable(std::span<const NamedTensor> state) {
  std::unordered_set<const TensorData*> seen;
  std::vector<NamedTensor> list;
  for (const NamedTensor& named : state)
    if (named.value.requires_grad() && seen.insert(named.value.handle().get()).second) list.push_back(named);
  return list;
}

}  // namespace halograph::nn
