// SPDX-License-Identifier: BSD-3-Clause
// Trivial predictions, beside which a score means something.
#pragma once

#include <optional>
#include <string>

#include <halograph/train/case.hpp>

namespace halograph::train {

/// Losses of trivial predictions by the loss of the configuration, on average over the pairs of frames.
struct BaselineLoss {
  double mean = 0;                  ///< each channel of the target by its mean over all pairs
  std::optional<double> no_change;  ///< each target by the input of the same name; only where the target lies ahead
};

/// Of a case with targets. Collective.
BaselineLoss baseline_loss(const Case& data, const Config& config);

/// The columns of `input` that hold `field`, if it is one of the inputs and the target lies ahead of them: what the
/// field would be without change. Otherwise undefined.
Tensor unchanged(const Case& data, const Config& config, const Tensor& input, const std::string& field);

}  // namespace halograph::train
