// SPDX-License-Identifier: BSD-3-Clause
// A dense layer, named and initialised as torch.nn.Linear.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph::nn {

/// y = x W^T + b with `weight` [out, in] and `bias` [1, out], drawn uniformly from
/// +-1 / sqrt(in) in the streams `<name>.weight` and `<name>.bias`.
struct Linear {
  Linear() = default;
  Linear(std::string name, std::int64_t in, std::int64_t out, DType dtype, const Random& random);

  /// `<name>.weight` and `<name>.bias`.
  void collect(std::vector<NamedTensor>& parameters) const;

  std::string name;
  Tensor weight, bias;
};

}  // namespace halograph::nn
