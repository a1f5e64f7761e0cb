// SPDX-License-Identifier: BSD-3-Clause
// The graph that layers are checked on, with a batch and the inputs of a case. Node and edge values belong to the
// numbers in the list of the test graph, so that a renumbered bed has the same ones.
#pragma once

#include "tests/support/layer_cases/layer_cases.hpp"

namespace halograph::testing {

struct SpreadLayerBed {
  LayerBed bed;
  Migration nodes, edges;  ///< from the list of the test graph
};

/// The test graph; its nodes are dealt to four graphs, of which graph 1 gets none. Collective.
SpreadLayerBed make_layer_bed(const Communicator& comm, const GraphSize& size, Device device,
                              std::uint64_t renumber = 0);

/// The inputs of a case, marked as variables. Collective.
Tensors layer_inputs(const SpreadLayerBed& spread, const LayerCase& layer_case, DType dtype);

/// Parameters: the state that requires gradients.
Tensors trainable(const std::vector<NamedTensor>& state);

/// The name of a case as the name of a test: letters, digits and underscores.
std::string test_name(const std::string& layer_case);

}  // namespace halograph::testing
