// SPDX-License-Identifier: BSD-3-Clause
// The fused gates of a recurrent unit have the bits of single operations, in values and gradients.
#include <halograph/ops/gru.hpp>

#include <halograph/core/error.hpp>

#include "ops/composed.hpp"
#include "tests/ops/same_as_composed.hpp"

namespace halograph::testing {
namespace {

Form form(decltype(ops::gru_gates)& gates) {
  return [&gates](const Tensors& x) { return Tensors{gates(x[0], x[1], x[2])}; };
}

TEST(Gru, has_the_bits_of_single_operations) {
  const Graph graph = make_graph(Communicator(), {90, 300, 5}, Device::preferred());
  for_each_number([&](DType dtype) {
    for (const std::int64_t c : {1, 3, 8, 21}) {
      OpCase problem;
      problem.operands = {{Where::nodes, 3 * c}, {Where::nodes, 3 * c}, {Where::nodes, c}};
      const Tensors x = random_operands(graph, problem, dtype);
      for (const Numbers& by : {Numbers{0, 1, 2}, Numbers{0}, Numbers{1}, Numbers{2}})
        expect_same_as_composed(form(ops::gru_gates), form(ops::composed_gru_gates), x, by, {0});
    }
  });
}

TEST(Gru, refuses_shapes_that_do_not_fit) {
  const Tensor state = Tensor::zeros(4, 3, DType::f32), gates = Tensor::zeros(4, 9, DType::f32);
  EXPECT_THROW(ops::gru_gates(gates, Tensor::zeros(4, 8, DType::f32), state), UsageError);
  EXPECT_THROW(ops::gru_gates(Tensor::zeros(5, 9, DType::f32), gates, state), UsageError);
  EXPECT_THROW(ops::gru_gates(gates, gates, Tensor::zeros(4, 3, DType::f64)), UsageError);
}

}  // namespace
}  // namespace halograph::testing
