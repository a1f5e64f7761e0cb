// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/autograd/tape.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>

#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

Tensor segment_softmax(const Graph& graph, const Tensor& edges) {
  require_rows("segment_softmax", edges, graph.edges());
  Tensor y = with_rows_of(edges, edges.cols());
  kernels::table(y.device()).segment_softmax(in(edges), graph.edge_offset().data(), graph.n_nodes(), out(y));
  return autograd::record(
      "segment_softmax", {edges}, y, [graph](const Tensors&, const Tensor& value, const Tensor& dy, const Wanted&) {
        if (autograd::recording()) {
          const Tensor sum = segment_sum(graph, multiply(value, dy));
          return Tensors{multiply(value, subtract(dy, gather_target(graph, sum)))};
        }
        Tensor dx = with_rows_of(value, value.cols());
        kernels::table(dx.device())
            .segment_softmax_gradient(in(value), in(dy), graph.edge_offset().data(), graph.n_nodes(), out(dx));
        return Tensors{dx};
      });
}

}  // namespace halograph::ops
