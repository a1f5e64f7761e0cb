// SPDX-License-Identifier: BSD-3-Clause
// Lists the tensors of a model by name. A model's *state* is everything that a file must hold to bring it back:
// parameters and buffers such as running averages. Its *parameters* are the tensors that an optimizer changes.
#pragma once

#include <concepts>
#include <span>
#include <vector>

#include <halograph/core/named_tensor.hpp>

namespace halograph {

/// Anything that lists its tensors: a Scope, an nn::Model, a type of the user's.
template <class T>
concept HasState = requires(const T& model) {
  { model.state() } -> std::convertible_to<std::vector<NamedTensor>>;
};

/// Returns the tensors of `state` that require a gradient, in order. A tensor that stands there under several names
/// (SchNet's filter networks) comes once, under its first name.
std::vector<NamedTensor> trainable(std::span<const NamedTensor> state);

/// Returns all tensors of the model by name, in the order in which they were made. The handles are the model's own.
std::vector<NamedTensor> state(const HasState auto& model) { return model.state(); }

/// Returns the trainable tensors of the model by name, each once.
std::vector<NamedTensor> parameters(const HasState auto& model) { return trainable(model.state()); }

/// Returns the same tensors without their names.
std::vector<Tensor> values(std::span<const NamedTensor> tensors);

}  // namespace halograph
