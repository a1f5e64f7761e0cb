// SPDX-License-Identifier: BSD-3-Clause
// Writes elementwise operations as formulas: `to * (m / (s * ops::square_root(s)))`. Shapes and errors are those of
// ops/elementwise.hpp and ops/linear.hpp; a number stands for a tensor of that value everywhere.
#pragma once

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/linear.hpp>

namespace halograph {

inline Tensor operator+(const Tensor& a, const Tensor& b) { return ops::add(a, b); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return ops::subtract(a, b); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return ops::multiply(a, b); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return ops::divide(a, b); }
inline Tensor operator-(const Tensor& x) { return ops::negate(x); }

inline Tensor operator+(const Tensor& x, double number) { return ops::scale_shift(x, 1, number); }
inline Tensor operator+(double number, const Tensor& x) { return ops::scale_shift(x, 1, number); }
inline Tensor operator-(const Tensor& x, double number) { return ops::scale_shift(x, 1, -number); }
inline Tensor operator-(double number, const Tensor& x) { return ops::scale_shift(x, -1, number); }
inline Tensor operator*(const Tensor& x, double number) { return ops::scale_shift(x, number); }
inline Tensor operator*(double number, const Tensor& x) { return ops::scale_shift(x, number); }
Tensor operator/(const Tensor& x, double number);
Tensor operator/(double number, const Tensor& x);

/// Returns a b with a [n, k] and a replicated b [k, m]: [n, m].
inline Tensor matmul(const Tensor& a, const Tensor& b) { return ops::product(a, b); }

}  // namespace halograph
