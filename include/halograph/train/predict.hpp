// SPDX-License-Identifier: BSD-3-Clause
// A trained network on a graph: predicted fields in the units of the data, next to the true ones where the graph has
// them, in the order of the slab and ready for a viewer.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halograph/io/vtkhdf.hpp>
#include <halograph/train/model_file.hpp>

namespace halograph::train {

struct ChannelError {
  std::string name;                          ///< "velocity.0"
  double root_mean_square = 0, largest = 0;  ///< of the error
  double deviation = 0;                      ///< of the true values: the root mean square error of their mean
  std::optional<double> no_change;           ///< root mean square error of the input, where the target lies ahead
  /// The better of the two trivial predictions.
  double trivial() const { return std::min(deviation, no_change.value_or(deviation)); }
};

struct Prediction {
  VtkMesh mesh;                      ///< with the numbers node_id
  std::vector<SlabField> fields;     ///< of each target: _predicted, _true and _error
  std::vector<double> times;         ///< of the predicted frames, where known
  std::vector<ChannelError> errors;  ///< over all nodes and frames; empty where nothing is known of the truth
};

/// Runs the network on the frames of a slab (all, or the one of number `frame`), which comes unpartitioned and with its
/// cells; `source` names it in messages. Warns where inputs or edges leave the ranges that they had in training.
/// Collective.
Prediction predict(const Communicator& comm, const Model& model, GraphSlab&& slab, std::optional<std::int64_t> frame,
                   const std::string& source);

}  // namespace halograph::train
