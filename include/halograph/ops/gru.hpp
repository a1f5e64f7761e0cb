// SPDX-License-Identifier: BSD-3-Clause
// The gates of a gated recurrent unit, behind its two dense products, as one operation that keeps its inputs and result
// only; second derivatives do them again in single operations.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// [n, c]: (1 - z) n + z h with r = sigmoid(i_r + h_r), z = sigmoid(i_z + h_z), n = tanh(i_n + r * h_n), where `input`
/// and `hidden` [n, 3 c] hold the columns i_r, i_z, i_n and h_r, h_z, h_n side by side and h is `state` [n, c].
Tensor gru_gates(const Tensor& input, const Tensor& hidden, const Tensor& state);

}  // namespace halograph::ops
