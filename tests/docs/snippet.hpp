// SPDX-License-Identifier: BSD-3-Clause
// The examples of a page of the documentation, as functions of the variables that stand around them.
#pragma once

#include <functional>
#include <vector>

#include <halograph/halograph.hpp>

namespace halograph::testing {

struct Snippet {
  int line = 0;  ///< of the page, where the code starts
  /// graph, batch, x [n_nodes, 16], edge_weight [n_edges, 1], edge_attr [n_edges, 4], pos [n_nodes, 3], dtype, scope
  std::function<void(Graph, Batch, Tensor, Tensor, Tensor, Tensor, DType, Scope)> run;
};

/// Defined by the source that is made from the page.
const std::vector<Snippet>& snippets();

}  // namespace halograph::testing
