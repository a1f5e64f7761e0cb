// SPDX-License-Identifier: BSD-3-Clause
// A dense layer, named and initialised as torch.nn.Linear or, with glorot, as in PyTorch Geometric's graph layers.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph::nn {

struct LinearOptions {
  bool bias = true;
  /// Weight uniform within +-sqrt(6 / (in + out)) and bias 0, instead of both within +-1 / sqrt(in).
  bool glorot = false;
};

/// y = x W^T + b with `weight` [out, in] and `bias` [1, out] (undefined without), drawn from the streams
/// `<name>.weight` and `<name>.bias`.
struct Linear {
  Linear() = default;
  Linear(std::string name, std::int64_t in, std::int64_t out, DType dtype, const Random& random,
         const LinearOptions& options = {});

  Tensor operator()(const Tensor& x, ops::Activation activation = ops::Activation::identity) const {
    return ops::linear(x, weight, bias, activation);
  }

  /// `<name>.weight` and `<name>.bias`.
  void collect(std::vector<NamedTensor>& parameters) const;

  std::string name;
  Tensor weight, bias;
};

}  // namespace halograph::nn
