// SPDX-License-Identifier: BSD-3-Clause
// The list of layers that every check of layers walks: first and second derivatives against differences, one against
// many ranks and threads, renumbered nodes. A new layer gets one entry here and is then held to all of them.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <halograph/core/scope.hpp>
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

/// Maps inputs (as LayerCase::inputs) to outputs, over nodes, edges, or replicated.
using LayerForward = std::function<Tensors(const Tensors&)>;

/// A layer with its parameters, ready to run.
struct BuiltLayer {
  std::vector<NamedTensor> state;  ///< live tensors, buffers (requires_grad unset) included
  LayerForward forward;
};

struct LayerCase {
  std::string name;             ///< class and options, "GCNConv improved"
  std::vector<Operand> inputs;  ///< differentiable inputs: node features, edge features, positions; replicated ones
                                ///< of 0 rows have a row for each graph of the batch
  /// Builds the layer on a bed, under a scope. Collective.
  std::function<LayerForward(const LayerBed&, const Scope&)> make;
  bool smooth = true;  ///< differences of first order mean something
  bool twice = true;   ///< differences of second order mean something
  /// Whether inputs of renumbered nodes give renumbered outputs up to rounding; not for what depends on ids (dropout).
  bool equivariant = true;

  /// Builds the layer with its state, drawn from `random`. Collective.
  BuiltLayer build(const LayerBed& bed, DType dtype, const Random& random) const {
    const Scope scope(random, dtype);
    LayerForward forward = make(bed, scope);
    return {scope.state(), std::move(forward)};
  }
};

const std::vector<LayerCase>& layer_cases();
/// What googletest prints of a case.
inline void PrintTo(const LayerCase& layer_case, std::ostream* out) { *out << layer_case.name; }

}  // namespace halograph::testing
