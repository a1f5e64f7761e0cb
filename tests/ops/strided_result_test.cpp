// SPDX-License-Identifier: BSD-3-Clause
// The dense product into a matrix with gaps between its rows, which the library itself never asks for but which the
// kernel promises: the same bits as without gaps, and nothing written between the rows.
#include <gtest/gtest.h>

#include <vector>

#include <halograph/core/threads.hpp>
#include <kernels/kernels.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

template <class T>
std::vector<T> numbers(std::int64_t count, std::uint64_t salt) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < count; ++i) values.push_back(T(random_value(salt, i, 0)));
  return values;
}

template <class T>
std::vector<T> product(std::int64_t rows, std::int64_t cols, std::int64_t stride, kernels::Unary activation, T filler) {
  constexpr std::int64_t depth = 7;
  const std::vector<T> x = numbers<T>(rows * depth, 1), w = numbers<T>(cols * depth, 2), bias = numbers<T>(cols, 3);
  std::vector<T> y(std::size_t(rows * stride), filler);
  constexpr DType type = sizeof(T) == 4 ? DType::f32 : DType::f64;
  kernels::LinearTask task;
  task.input[0] = {x.data(), type, rows, depth, depth};
  task.n_inputs = 1;
  task.weight = {w.data(), type, cols, depth, depth};
  task.bias = {bias.data(), type, 1, cols, cols};
  task.activation = activation;
  task.y = {y.data(), type, rows, cols, stride};
  kernels::table(Device::host()).linear(task);
  return y;
}

template <class T>
void check(std::int64_t rows, std::int64_t cols) {
  for (const kernels::Unary activation : {kernels::Unary::identity, kernels::Unary::tanh, kernels::Unary::sigmoid})
    for (const std::int64_t stride : {cols + 1, cols + 5, 2 * cols}) {
      const T filler = T(0.625);
      const std::vector<T> expected = product<T>(rows, cols, cols, activation, filler);
      const std::vector<T> found = product<T>(rows, cols, stride, activation, filler);
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < stride; ++c)
          ASSERT_EQ(found[std::size_t(r * stride + c)], c < cols ? expected[std::size_t(r * cols + c)] : filler)
              << "row " << r << ", column " << c << " of " << cols << ", stride " << stride;
    }
}

TEST(StridedResult, HasTheBitsOfAContiguousOne) {
  for (const int threads : {1, 3}) {
    set_threads(threads);
    for (const std::int64_t cols : {1, 3, 16, 37}) {
      check<float>(1, cols);
      check<float>(700, cols);
      check<double>(29, cols);
    }
    set_threads(1);
  }
}

}  // namespace
}  // namespace halograph::testing
