// SPDX-License-Identifier: BSD-3-Clause
// Trades work for memory: a segment keeps its inputs only and runs again in the backward pass.
#pragma once

#include <functional>
#include <vector>

#include <halograph/autograd/tape.hpp>

namespace halograph::autograd {

/// outputs = segment(inputs), with the intermediates of the segment forgotten. Every tensor that the
/// segment differentiates through, parameters included, must be in `inputs`, and the segment must
/// compute the same thing each time. Outputs have the bits of the plain call. So have gradients, except
/// where an input is used several times inside the segment and outside too: the uses inside are then
/// summed first. Collective if the segment is.
std::vector<Tensor> checkpoint(const std::function<std::vector<Tensor>(const std::vector<Tensor>&)>& segment,
                               const std::vector<Tensor>& inputs);

}  // namespace halograph::autograd
