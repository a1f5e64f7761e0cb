// SPDX-License-Identifier: BSD-3-Clause
// The list of layers that every check of layers walks: first and second derivatives against differences, one against
// many ranks and threads, renumbered nodes. A new layer gets one entry here and is then held to all of them.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {

/// What a layer works on: the graph of tests/support/problems/test_graph.hpp (isolated nodes, self-loops, duplicate
/// edges, an empty patch), its nodes dealt out to `n_graphs` graphs (one of them empty) for layers that take a batch.
struct LayerBed {
  Graph graph;
  Batch batch;
};

/// A layer with its parameters, ready to run.
struct BuiltLayer {
  std::vector<NamedTensor> state;  ///< as its collect() lists it: live tensors, buffers (requires_grad unset) included
  /// inputs (as LayerCase::inputs) -> outputs, over nodes, edges, or replicated.
  std::function<Tensors(const Tensors&)> forward;
};

struct LayerCase {
  std::string name;             ///< class and options, "GCNConv improved"
  std::vector<Operand> inputs;  ///< differentiable inputs: node features, edge features, positions; replicated ones
                                ///< of 0 rows have a row for each graph of the batch
  /// Builds the layer on a bed; parameters are drawn from `random`. Collective.
  std::function<BuiltLayer(const LayerBed&, DType, const Random&)> make;
  bool smooth = true;  ///< differences of first order mean something
  bool twice = true;   ///< differences of second order mean something
  /// Whether inputs of renumbered nodes give renumbered outputs up to rounding; not for what depends on ids (dropout).
  bool equivariant = true;
};

const std::vector<LayerCase>& layer_cases();
/// What googletest prints of a case.
inline void PrintTo(const LayerCase& layer_case, std::ostream* out) { *out << layer_case.name; }

}  // namespace halograph::testing
