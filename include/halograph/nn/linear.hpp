// SPDX-License-Identifier: BSD-3-Clause
// A dense layer, named and initialised as torch.nn.Linear or, with glorot, as in PyTorch Geometric's graph layers.
#pragma once

#include <string>

#include <halograph/core/scope.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph::nn {

struct LinearOptions {
  bool bias = true;
  /// Weight uniform within +-gain * sqrt(6 / (in + out)) and bias 0, instead of both within +-1 / sqrt(in).
  bool glorot = false;
  double gain = 1;  ///< with glorot
};

/// Computes y = x W^T + b.
/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
struct Linear {
  Linear() = default;
  /// Makes `weight` [out, in] and, if wanted, `bias` [1, out].
  Linear(const Scope& scope, std::int64_t in, std::int64_t out, const LinearOptions& options = {});

  /// x [n, in] -> [n, out]
  Tensor operator()(const Tensor& x, ops::Activation activation = ops::Activation::identity) const {
    return ops::linear(x, weight, bias, activation);
  }

  std::string name;
  Tensor weight, bias;  ///< bias is undefined without one
};

}  // namespace halograph::nn
