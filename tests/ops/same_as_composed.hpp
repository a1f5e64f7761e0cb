// SPDX-License-Identifier: BSD-3-Clause
// A fused operation against the same work in single operations: results and gradients, bit by bit.
#pragma once

#include <gtest/gtest.h>

#include <functional>

#include <halograph/autograd/tape.hpp>

#include "tests/support/digests/bits.hpp"
#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {

using Form = std::function<Tensors(const Tensors&)>;
using Numbers = std::vector<std::size_t>;

/// 0, 1, ... n - 1
inline Numbers first_numbers(std::size_t n) {
  Numbers all;
  for (std::size_t i = 0; i < n; ++i) all.push_back(i);
  return all;
}

/// Only the operands `by` are variables, and cotangents come in at the results `at` only.
inline void expect_same_as_composed(const Form& fused, const Form& composed, const Tensors& operands, const Numbers& by,
                                    const Numbers& at, bool integers = false) {
  const auto results = [&](const Form& form) {
    Tensors x, variables, of, seeds;
    for (const Tensor& operand : operands) x.push_back(operand.detach());
    for (const std::size_t i : by) variables.push_back(x.at(i).set_requires_grad());
    Tensors all = form(x);
    for (const std::size_t i : at) {
      of.push_back(all.at(i));
      seeds.push_back(random_like(all.at(i), 900 + i, integers));
    }
    const Tensors gradients = grad(of, seeds, variables);
    all.insert(all.end(), gradients.begin(), gradients.end());
    return all;
  };
  const Tensors found = results(fused), expected = results(composed);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(same_bits(found[i], expected[i]))
        << "number " << i << " of " << found.size() << " results and gradients, " << found[i];
}

/// Both numeric types, named.
template <class Body>
void for_each_number(const Body& body) {
  for (const DType dtype : {DType::f32, DType::f64}) {
    SCOPED_TRACE(dtype == DType::f32 ? "f32" : "f64");
    body(dtype);
  }
}

}  // namespace halograph::testing
