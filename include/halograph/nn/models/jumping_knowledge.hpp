// SPDX-License-Identifier: BSD-3-Clause
// Jumping knowledge (Xu et al., arXiv:1806.03536): the outputs of several layers put together, side by side (cat) or by
// the largest value of each channel (max). No parameters. The form with an LSTM is not provided.
#pragma once

#include <cstdint>
#include <span>

#include <halograph/core/tensor.hpp>

namespace halograph::nn {

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class JumpingKnowledge {
 public:
  enum class Mode : std::uint8_t { cat, max };
  explicit JumpingKnowledge(Mode mode) : mode_(mode) {}

  /// Outputs of layers over the same rows, for max of the same width. Of equals the first has the gradient.
  Tensor operator()(std::span<const Tensor> xs) const;

 private:
  Mode mode_;
};

}  // namespace halograph::nn
