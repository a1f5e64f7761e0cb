// SPDX-License-Identifier: BSD-3-Clause
// Shapes of multi-layer perceptrons and what they need as operands, for tests that walk many of them.
#pragma once

#include <string>
#include <vector>

#include <halograph/ops/mlp.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {

/// All there are.
inline constexpr ops::Activation every_activation[] = {
    ops::Activation::identity, ops::Activation::relu,       ops::Activation::elu,  ops::Activation::tanh,
    ops::Activation::sigmoid,  ops::Activation::softplus,   ops::Activation::silu, ops::Activation::gelu,
    ops::Activation::selu,     ops::Activation::leaky_relu, ops::Activation::ssp};

struct MlpShape {
  std::vector<std::int64_t> widths;  ///< of each layer's result
  ops::Activation activation = ops::Activation::identity;
  unsigned biases = ~0u;  ///< bit k: layer k has a bias
  bool norm = false, norm_weights = false;
  bool residual = false;
  double epsilon = 0.01;  ///< differences cannot follow the norm of even rows with the usual one
  bool activate_last = false;
  std::string describe() const;
};

/// The parameters of a network as operands, `in` columns going in: per layer its weight and its bias, then the
/// norm's weight and bias.
std::vector<Operand> mlp_parameters(const MlpShape& shape, std::int64_t in);

/// Operands of mlp_parameters() by their role; empty matrices where there is none.
template <class Matrix>
struct MlpOperands {
  std::vector<Matrix> weight, bias;
  Matrix norm_weight, norm_bias;

  MlpOperands(const MlpShape& shape, const std::vector<Matrix>& operands, std::size_t first) {
    for (std::size_t k = 0; k < shape.widths.size(); ++k) {
      weight.push_back(operands.at(first++));
      bias.push_back(shape.biases >> k & 1 ? operands.at(first++) : Matrix());
    }
    if (!shape.norm_weights) return;
    norm_weight = operands.at(first++);
    norm_bias = operands.at(first++);
  }
};

/// The network whose parameters are the operands from `first` on.
ops::MlpLayers mlp_layers(const MlpShape& shape, const Tensors& operands, std::size_t first);

}  // namespace halograph::testing
