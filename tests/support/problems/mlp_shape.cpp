// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/mlp_shape.hpp"

#include <halograph/core/error.hpp>

namespace halograph::testing {

std::string MlpShape::describe() const {
  std::string text = std::string(ops::name_of(activation)) + " of";
  for (std::size_t k = 0; k < widths.size(); ++k)
    text += cat(k ? ", " : " ", widths[k], biases >> k & 1 ? " with bias" : "");
  return cat(text, norm ? ", norm" : "", norm_weights ? " with weights" : "", residual ? ", residual" : "",
             activate_last ? ", ending with it" : "");
}

std::vector<Operand> mlp_parameters(const MlpShape& shape, std::int64_t in) {
  std::vector<Operand> operands;
  for (std::size_t k = 0; k < shape.widths.size(); ++k) {
    operands.push_back({Where::replicated, in, shape.widths[k]});
    in = shape.widths[k];
    if (shape.biases >> k & 1) operands.push_back({Where::replicated, in});
  }
  if (shape.norm_weights) operands.insert(operands.end(), 2, {Where::replicated, in});
  return operands;
}

ops::MlpLayers mlp_layers(const MlpShape& shape, const Tensors& operands, std::size_t first) {
  const MlpOperands<Tensor> p(shape, operands, first);
  return {p.weight,    p.bias,        shape.activation, shape.norm,         p.norm_weight,
          p.norm_bias, shape.epsilon, shape.residual,   shape.activate_last};
}

}  // namespace halograph::testing
