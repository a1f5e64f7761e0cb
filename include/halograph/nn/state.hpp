// SPDX-License-Identifier: BSD-3-Clause
// The state of a layer or model as its collect() lists it, parameters and buffers by name, filled from tensors that
// were loaded (io/weights.hpp). Names are those of PyTorch Geometric's state_dict, so a model that was trained there is
// loaded by
//   nn::load_state(state, load_weights(comm, "model.safetensors"), "model.safetensors");
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/named_tensor.hpp>

namespace halograph::nn {

struct StateOptions {
  /// Whether every tensor of the state must be given and every given one must be in the state.
  bool strict = true;
  /// How names begin in the source and in the state, {{"module.encoder.", "encoder."}}. The first that fits a name
  /// counts.
  std::vector<std::pair<std::string, std::string>> prefixes{};
  /// Last parts of names that the state may lack: what counts steps and takes no part in results.
  std::vector<std::string> ignored = {"num_batches_tracked"};
};

/// Overwrites the tensors of `into` by those of the same names in `from`, converted to their numeric type, and returns
/// the names on either side that have no partner (none if strict, but for ignored ones). A tensor that is listed under
/// several names needs to be given under one; given under several it must be the same. Shapes agree if they fold to the
/// same rows and columns ([1, H, C] and [H, C]) and, where both have more than two axes, are equal. Throws UsageError
/// before anything is written; the message names the tensor and begins with `source`. Not collective: ranks that give
/// the same tensors get the same state.
std::vector<std::string> load_state(std::span<const NamedTensor> into, std::span<const NamedTensor> from,
                                    const std::string& source, const StateOptions& options = {});

}  // namespace halograph::nn
