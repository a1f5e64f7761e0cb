// SPDX-License-Identifier: BSD-3-Clause
// Batch normalisation of rows (arXiv:1502.03167): per channel over all rows of all ranks,
//   y = (x - mean) / sqrt(variance + eps) * weight + bias
// While training, mean and biased variance are those of the rows at hand, summed along the tree of patches and the
// variance from differences to the mean, and running averages are kept (of the variance with n - 1). In evaluation the
// running averages take their place. The layer owns its buffers and changes them in the forward pass: a segment that is
// run again (autograd/checkpoint.hpp) counts twice.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <halograph/core/scope.hpp>
#include <halograph/nn/mode.hpp>

namespace halograph::nn {

struct BatchNormOptions {
  std::int64_t in_channels = 0;
  double eps = 1e-5;
  std::optional<double> momentum = 0.1;  ///< weight of the newest value; without one all count the same
  bool affine = true;
  bool track_running_stats = true;  ///< off: the rows at hand count in evaluation too
  /// PyTorch Geometric's norm holds PyTorch's as `module`; "" gives the names of the latter.
  std::string_view part = "module";
  bool allow_single_element = false;  ///< training on a single row uses the running averages instead of failing
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class BatchNorm {
 public:
  using Options = BatchNormOptions;

  /// `module.weight`, `module.bias`, and the buffers `module.running_mean`, `module.running_var`,
  /// `module.num_batches_tracked`.
  BatchNorm(const Scope& scope, const BatchNormOptions& options);

  /// [n, in_channels], nodes, edges or replicated -> the same shape. Collective if training and partitioned.
  Tensor operator()(const Tensor& x, const Mode& mode) const;

 private:
  void keep(const Tensor& mean, const Tensor& variance, std::int64_t rows) const;

  std::string name_;
  BatchNormOptions options_;
  Tensor weight_, bias_, running_mean_, running_var_, batches_;
};

}  // namespace halograph::nn
