// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/weighted_max.hpp>

#include "ops/composed.hpp"
#include "tests/ops/same_as_composed.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

TEST(WeightedMax, IsItsComposedFormToTheBit) {
  const Graph graph = make_graph(Communicator(), {60, 260, 5}, Device::preferred());
  for_each_number([&](DType dtype) {
    for (const std::int64_t columns : {1, 5, 16, 37})
      for (const bool integers : {false, true}) {  // integers repeat: ties go to the first edge
        const Tensors operands{
            random_like(Tensor::zeros(graph.n_nodes(), columns, dtype, graph.nodes()), 1, integers),
            random_like(Tensor::zeros(graph.n_ghosts(), columns, dtype, graph.ghosts()), 2, integers),
            random_like(Tensor::zeros(graph.n_edges(), 1, dtype, graph.edges()), 3, integers)};
        for (const Numbers& by : {Numbers{0, 1, 2}, Numbers{0}, Numbers{1}, Numbers{2}})
          expect_same_as_composed(
              [&](const Tensors& x) { return Tensors{ops::weighted_max(graph, x[0], x[1], x[2])}; },
              [&](const Tensors& x) { return Tensors{ops::composed_weighted_max(graph, x[0], x[1], x[2])}; }, operands,
              by, {0}, integers);
      }
  });
}

}  // namespace
}  // namespace halograph::testing
