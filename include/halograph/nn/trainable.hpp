// SPDX-License-Identifier: BSD-3-Clause
// What an optimizer takes of a model's state.
#pragma once

#include <span>
#include <vector>

#include <halograph/core/named_tensor.hpp>

namespace halograph::nn {

/// The tensors of `state` that require a gradient, in order. One that stands there under several names (SchNet's filter
/// networks) comes once, under its first name.
std::vector<NamedTensor> trainable(std::span<const NamedTensor> state);

}  // namespace halograph::nn
