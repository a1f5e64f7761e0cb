// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/digests/case_results.hpp"

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::testing {
namespace {

/// Appends the gradients of the outputs `results` by `variables`, and theirs if `twice`.
void append_gradients(Tensors& results, const Tensors& variables, bool twice) {
  Tensors squares, seeds;
  for (const Tensor& y : results) {
    squares.push_back(ops::multiply(y, y));
    seeds.push_back(random_like(y, 500 + seeds.size()));
  }
  for (const Tensor& g : grad(squares, seeds, variables, {.retain_graph = true})) results.push_back(g);
  if (!twice) return;
  const Tensors recorded = grad(squares, seeds, variables, {.create_graph = true});
  seeds.clear();
  for (const Tensor& g : recorded) {
    results.push_back(g);
    seeds.push_back(random_like(g, 600 + seeds.size()));
  }
  for (const Tensor& g : grad(recorded, seeds, variables)) results.push_back(g);
}

}  // namespace

Tensors case_results(const Graph& graph, const OpCase& op_case, DType dtype) {
  const Tensors operands = random_operands(graph, op_case, dtype);
  Tensors results = op_case.op(graph, operands);
  if (op_case.differentiable) append_gradients(results, operands, true);
  return results;
}

Tensors case_results(const SpreadLayerBed& spread, const LayerCase& layer_case, DType dtype) {
  const BuiltLayer layer = layer_case.build(spread.bed, dtype, Random(7));
  Tensors variables = layer_inputs(spread, layer_case, dtype);
  Tensors results = layer.forward(variables);
  for (const Tensor& parameter : trainable(layer.state)) variables.push_back(parameter);
  append_gradients(results, variables, layer_case.twice);
  for (const NamedTensor& named : layer.state) results.push_back(named.value);
  return results;
}

}  // namespace halograph::testing
