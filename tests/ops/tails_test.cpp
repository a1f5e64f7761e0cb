// SPDX-License-Identifier: BSD-3-Clause
// The value of a function does not show where its argument stood: in the body of a vector, in any of
// the narrower lanes towards the end of a row, or alone. The classic mistake, a C library call for the
// last elements, differs from a vector polynomial in the last bit of some arguments; hence many of them.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include <kernels/host/candidates.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

using kernels::In;
using kernels::Out;
using kernels::Unary;

constexpr std::int64_t n_values = 4096;

template <class T>
class Tails : public ::testing::Test {
 protected:
  Tails() {
    for (std::int64_t i = 0; i < n_values; ++i) x.push_back(T((double(mix(std::uint64_t(i)) >> 11) * 0x1p-52 - 1) * 5));
  }

  /// The values as rows of `cols` columns with one unused column between rows, so that every row has a tail.
  struct Strided {
    std::vector<T> data;
    std::int64_t rows, cols;
    In in() const { return {data.data(), dtype_of<T>(), rows, cols, cols + 1}; }
    Out out() { return {data.data(), dtype_of<T>(), rows, cols, cols + 1}; }
  };
  Strided in_rows_of(std::int64_t cols) const {
    Strided strided{std::vector<T>(std::size_t((n_values / cols) * (cols + 1)), T(-7)), n_values / cols, cols};
    for (std::int64_t i = 0; i < strided.rows * cols; ++i)
      strided.data[std::size_t(i / cols * (cols + 1) + i % cols)] = x[std::size_t(i)];
    return strided;
  }

  /// First element of `strided` whose bits differ from those of `body`, or -1.
  static std::int64_t first_difference(const Strided& strided, const std::vector<T>& body) {
    for (std::int64_t i = 0; i < strided.rows * strided.cols; ++i) {
      const T& value = strided.data[std::size_t(i / strided.cols * (strided.cols + 1) + i % strided.cols)];
      if (std::memcmp(&value, &body[std::size_t(i)], sizeof(T)) != 0) return i;
    }
    return -1;
  }

  template <class Check>
  void on_each_instruction_set(Check check) {
    for (const kernels::HostKernels& candidate : kernels::host_candidates()) {
      if (!candidate.runs_here) continue;
      SCOPED_TRACE(std::string(candidate.name));
      kernels::Table table;
      candidate.fill(table);
      check(table);
    }
  }

  std::vector<T> unary_in_one_row(const kernels::Table& table, Unary f) const {
    std::vector<T> y(n_values);
    table.unary(f, In{x.data(), dtype_of<T>(), 1, n_values, n_values},
                Out{y.data(), dtype_of<T>(), 1, n_values, n_values});
    return y;
  }

  std::vector<T> x;
};

using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Tails, Types);

TYPED_TEST(Tails, FunctionsHaveTheirBitsInEveryLane) {
  this->on_each_instruction_set([&](const kernels::Table& table) {
    for (int f = 0; f <= int(Unary::elu_curve); ++f) {
      const auto body = this->unary_in_one_row(table, Unary(f));
      for (const std::int64_t cols : {1, 2, 3, 4, 5, 7, 8, 9, 13, 15, 16, 17, 31}) {
        auto strided = this->in_rows_of(cols);
        auto result = strided;
        table.unary(Unary(f), strided.in(), result.out());
        ASSERT_EQ(this->first_difference(result, body), -1) << "function " << f << ", " << cols << " columns";
      }
    }
  });
}

// Weights 1, no bias: every output column of a product is its only input column, through the activation. What stands
// between the rows of a result that is part of something wider stays as it was.
TYPED_TEST(Tails, ActivationsOfProductsHaveTheirBitsInEveryLane) {
  using T = TypeParam;
  this->on_each_instruction_set([&](const kernels::Table& table) {
    for (const Unary f : {Unary::relu, Unary::elu, Unary::tanh, Unary::sigmoid, Unary::leaky_relu, Unary::selu}) {
      const auto body = this->unary_in_one_row(table, f);
      for (const std::int64_t cols : {1, 2, 3, 5, 8, 15, 16, 17, 33, 67}) {
        const std::vector<T> weight(std::size_t(cols), T(1));
        for (const std::int64_t stride : {cols, cols + 3}) {
          std::vector<T> y(std::size_t(n_values * stride), T(-7));
          kernels::LinearTask task;
          task.input[0] = In{this->x.data(), dtype_of<T>(), n_values, 1, 1};
          task.n_inputs = 1;
          task.weight = In{weight.data(), dtype_of<T>(), cols, 1, 1};
          task.activation = f;
          task.y = Out{y.data(), dtype_of<T>(), n_values, cols, stride};
          table.linear(task);
          const T between(-7);
          for (std::int64_t i = 0; i < n_values * stride; ++i) {
            const T& expected = i % stride < cols ? body[std::size_t(i / stride)] : between;
            ASSERT_EQ(std::memcmp(&y[std::size_t(i)], &expected, sizeof(T)), 0)
                << "activation " << int(f) << ", row " << i / stride << ", column " << i % stride << " of " << cols
                << ", stride " << stride;
          }
        }
      }
    }
  });
}

}  // namespace
}  // namespace halograph::testing
