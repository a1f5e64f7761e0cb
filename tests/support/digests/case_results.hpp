// SPDX-License-Identifier: BSD-3-Clause
// Everything that an operation or a layer computes, in one list: what must have the same bits on any number of ranks
// and threads, on every device, and from one version to the next.
#pragma once

#include <string>

#include "tests/support/layer_cases/layer_bed.hpp"
#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {

/// Returns outputs, gradients, and gradients of gradients. Collective.
Tensors case_results(const Graph& graph, const OpCase& op_case, DType dtype);

/// Returns outputs, gradients, gradients of gradients, and the state after all that. Collective.
Tensors case_results(const SpreadLayerBed& spread, const LayerCase& layer_case, DType dtype);

}  // namespace halograph::testing
