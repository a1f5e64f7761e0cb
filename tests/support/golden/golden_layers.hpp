// SPDX-License-Identifier: BSD-3-Clause
// Reference files of layers (golden/layers of the shared data, see its README) and the layers that they belong to. A
// file whose `layer` attribute has no entry in golden_layers() is a failure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <halograph/core/scope.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>
#include <halograph/ops/elementwise.hpp>

#include "tests/support/hdf5_read.hpp"

namespace halograph::testing {

/// One file, spread over the ranks: nodes in a few patches, rows of the file and of the graph apart.
struct GoldenBed {
  const ReferenceFile& file;
  nlohmann::json options;
  DType dtype;
  Graph graph;  ///< without edges where the file has no edge_index
  Batch batch;  ///< one graph where the file has no batch
  Scope scope;  ///< empty: the layer is built under it
  /// Inputs by name as tensors over their rows (nodes or edges; else replicated), float ones marked as variables;
  /// integers (z, edge_type, deg) as numbers.
  std::map<std::string, Tensor> inputs;

  bool has(const std::string& input) const { return inputs.count(input) > 0; }
  const Tensor& at(const std::string& input) const { return inputs.at(input); }
  std::int64_t integer(const std::string& option) const { return options.at(option).get<std::int64_t>(); }
  ops::Activation activation(const std::string& word) const;
};

/// Gives the outputs by the names of the file ("y", ...), over nodes, edges or replicated. The harness fills the state
/// of the bed's scope before. Every parameter of the file must be there and the other way round.
using GoldenLayer = std::function<std::map<std::string, Tensor>()>;

using MakeGoldenLayer = std::function<GoldenLayer(const GoldenBed&)>;

/// By the `layer` attribute.
const std::map<std::string, MakeGoldenLayer>& golden_layers();

}  // namespace halograph::testing
