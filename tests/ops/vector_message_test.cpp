// SPDX-License-Identifier: BSD-3-Clause
// The fused message of scalars and vectors has the bits of weighted sums.
#include <halograph/ops/message.hpp>
#include <halograph/ops/vector_message.hpp>

#include "ops/composed.hpp"
#include "tests/ops/same_as_composed.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

Form form(const Graph& graph, decltype(ops::vector_message)& message, bool with_halo) {
  return [&graph, &message, with_halo](const Tensors& x) {
    return Tensors{message(graph, x[0], with_halo ? ops::halo(graph, x[0]) : x[1], x[2], x[3])};
  };
}

TEST(VectorMessage, SameBitsAsComposed) {
  const Graph graph = make_graph(Communicator(), {40, 300, 7}, Device::host());
  for_each_number([&](DType dtype) {
    for (const std::int64_t f : {1, 3, 8, 16, 21, 64})
      for (const std::int64_t parts : {2, 5}) {
        SCOPED_TRACE(cat(f, " channels, ", parts, " parts"));
        OpCase c;
        c.operands = {{Where::nodes, parts * f}, {Where::ghosts, parts * f}, {Where::edges, 3 * f}, {Where::edges, 3}};
        const Tensors x = random_operands(graph, c, dtype);
        for (const Numbers& by : {Numbers{0, 1, 2, 3}, Numbers{0}, Numbers{1}, Numbers{2}, Numbers{3}})
          expect_same_as_composed(form(graph, ops::vector_message, false),
                                  form(graph, ops::composed_vector_message, false), x, by, {0});
        expect_same_as_composed(form(graph, ops::vector_message, true), form(graph, ops::composed_vector_message, true),
                                x, {0, 2, 3}, {0});
      }
  });
}

TEST(VectorMessage, RefusesOtherShapes) {
  const Graph graph = make_graph(Communicator(), {9, 20, 2}, Device::host());
  OpCase c;
  c.operands = {{Where::nodes, 8}, {Where::ghosts, 8}, {Where::edges, 6}, {Where::edges, 3}};
  const Tensors x = random_operands(graph, c, DType::f32);
  EXPECT_THROW(ops::vector_message(graph, x[0], x[1], x[2], x[3]), UsageError);
}

}  // namespace
}  // namespace halograph::testing
