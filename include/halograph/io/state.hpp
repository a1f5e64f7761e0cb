// SPDX-License-Identifier: BSD-3-Clause
// Saves and loads the state of a model: its parameters and buffers by name. Names are those of PyTorch Geometric's
// state_dict, so a model that was trained there is loaded by
//   io::load(comm, "model.safetensors", model);
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/state.hpp>
#include <halograph/io/weights.hpp>

namespace halograph::io {

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

/// Writes the state of the model to `path`, HDF5 or safetensors by its ending; an earlier file is replaced when the new
/// one is complete. The same FileError on all ranks if it cannot be written. Collective.
void save(const Communicator& comm, const std::string& path, const HasState auto& model) {
  save_weights(comm, path, state(model));
}

/// Fills the state of the model from a file by load_state() and returns the names without a partner. The same FileError
/// or UsageError on all ranks, before anything is written. Collective.
std::vector<std::string> load(const Communicator& comm, const std::string& path, const HasState auto& model,
                              const StateOptions& options = {}) {
  return load_state(state(model), load_weights(comm, path), path, options);
}

}  // namespace halograph::io
