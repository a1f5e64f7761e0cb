// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/state.hpp>

#include <unordered_set>

namespace halograph {

std::vector<NamedTensor> trainable(std::span<const NamedTensor> state) {
  std::unordered_set<const TensorData*> seen;
  std::vector<NamedTensor> list;
  for (const NamedTensor& named : state)
    if (named.value.requires_grad() && seen.insert(named.value.handle().get()).second) list.push_back(named);
  return list;
}

std::vector<Tensor> values(std::span<const NamedTensor> tensors) {
  std::vector<Tensor> list;
  for (const NamedTensor& named : tensors) list.push_back(named.value);
  return list;
}

}  // namespace halograph
