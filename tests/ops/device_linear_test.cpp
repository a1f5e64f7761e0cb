// SPDX-License-Identifier: BSD-3-Clause
// Dense products on devices, bit for bit those of the host: every width of tiles and what is left over, every number of
// columns of the sum, matrices with gaps and odd addresses, starts from gathered rows, blocks of rows. What lies
// between and outside the rows of the result must stay. NaNs may differ in sign and payload, as docs/determinism.md has
// it.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/support/problems/linear_problem.hpp"

namespace halograph::testing {
namespace {

using kernels::Unary;

constexpr Unary activations[] = {Unary::identity, Unary::relu,       Unary::elu, Unary::tanh,
                                 Unary::sigmoid,  Unary::leaky_relu, Unary::selu};

using Problem = LinearProblem;

template <class T>
class DeviceLinear : public ::testing::Test {
 protected:
  static void check(const Problem& problem) {
    const std::vector<T> expected = linear_result<T>(problem, Device::host());
    for (const Device device : block_devices()) {
      const std::vector<T> found = linear_result<T>(problem, device);
      ASSERT_EQ(found.size(), expected.size());
      const std::int64_t stride = problem.cols + problem.gap;
      for (std::size_t i = 0; i < found.size(); ++i)
        ASSERT_TRUE(same_number(found[i], expected[i]))
            << found[i] << " instead of " << expected[i] << " on " << device.name() << " at row "
            << (std::int64_t(i) - problem.shift) / stride << ", column " << (std::int64_t(i) - problem.shift) % stride
            << ", " << problem.name();
    }
  }
};
using Numbers = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DeviceLinear, Numbers);

TYPED_TEST(DeviceLinear, HasTheBitsOfTheHostForEveryWidth) {
  int n = 0;
  for (const std::int64_t cols : {1,  2,  3,  4,  5,  7,  8,  9,  12, 15,  16,  17,  20,  24,  31,
                                  32, 33, 40, 48, 63, 64, 65, 80, 96, 127, 128, 129, 200, 257, 1030}) {
    Problem p;
    p.rows = cols > 200 ? 131 : 300;
    p.cols = cols;
    p.inputs = {1 + cols * 53 % 67};
    p.bias = n % 3 != 0;
    p.activation = activations[n % 7];
    for (const bool transposed : {false, true}) {
      p.transposed = transposed;
      p.gap = n % 2;
      p.shift = n % 5 == 4;
      ++n;
      this->check(p);
    }
    // All addresses round.
    p.inputs = {(cols + 7) / 8 * 4};
    p.gap = (4 - cols % 4) % 4;
    p.shift = 4;
    if (cols < 300) this->check(p);
  }
}

TYPED_TEST(DeviceLinear, HasTheBitsOfTheHostForEveryDepth) {
  for (std::int64_t depth = 0; depth <= 70; ++depth) {
    Problem p;
    p.rows = 67;
    p.cols = 1 + depth * 7 % 37;
    p.inputs = {depth};
    p.bias = depth % 2 == 0;
    p.transposed = depth % 4 < 2;
    p.gap = depth % 3;
    p.activation = activations[depth % 7];
    this->check(p);
  }
}

TYPED_TEST(DeviceLinear, HasTheBitsOfTheHostForEveryNumberOfRows) {
  for (const std::int64_t rows : {0, 1, 2, 5, 31, 32, 33, 63, 64, 127, 128, 129, 255, 256, 257, 1000, 3001})
    for (const std::int64_t cols : {3, 48, 70}) {
      Problem p;
      p.rows = rows;
      p.cols = cols;
      p.inputs = {21};
      p.bias = true;
      p.activation = activations[rows % 7];
      this->check(p);
    }
}

TYPED_TEST(DeviceLinear, WalksInputsSideBySide) {
  const std::vector<std::int64_t> lists[] = {{16, 16}, {3, 1}, {1, 5, 2, 3}, {17, 0, 33}, {0, 0, 4, 0},
                                             {0},      {},     {0, 0, 0, 0}, {64, 64, 4}, {7, 8, 9, 10}};
  int n = 0;
  for (const auto& inputs : lists)
    for (const bool transposed : {false, true}) {
      Problem p;
      p.rows = 150;
      p.cols = n % 2 ? 36 : 11;
      p.inputs = inputs;
      p.transposed = transposed;
      p.bias = n % 3 != 0;
      p.activation = activations[n % 7];
      p.gap = n++ % 2 * 3;
      this->check(p);
    }
}

TYPED_TEST(DeviceLinear, StartsFromGatheredRows) {
  int n = 0;
  for (const std::int64_t cols : {1, 6, 8, 13, 16, 32, 50, 64, 100, 128, 150})
    for (const auto& inputs : {std::vector<std::int64_t>{}, {3}, {32}, {16, 5}}) {
      Problem p;
      p.rows = 260;
      p.cols = cols;
      p.inputs = inputs;
      p.start = true;
      p.bias = n % 4 == 3;  // not used
      p.activation = activations[n % 7];
      p.gap = n % 3;
      p.shift = n++ % 2;
      this->check(p);
    }
}

TYPED_TEST(DeviceLinear, WritesTheRowsOfBlocksOnly) {
  for (const std::int64_t cols : {1, 8, 20, 64, 72, 128})
    for (const bool start : {false, true}) {
      Problem p;
      p.rows = 1500;
      p.cols = cols;
      p.inputs = {19};
      p.bias = !start;
      p.start = start;
      p.activation = Unary::tanh;
      p.gap = cols % 3;
      // Empty, short, usual and long ones, with gaps; the last one goes on behind the rows.
      p.blocks = {0, 0, 3, 4, 4, 196, 196, 388, 390, 517, 600, 1130, 1130, 1131, 1200, 1392, 1490, 1600};
      this->check(p);
    }
}

TYPED_TEST(DeviceLinear, PassesInfinitiesAndNaNs) {
  for (const Unary f : activations)
    for (const std::int64_t depth : {2, 15, 17, 33})
      for (const bool start : {false, true}) {
        Problem p;
        p.rows = 200;
        p.cols = 2 * depth + 3;
        p.inputs = {depth};
        p.activation = f;
        p.bias = !start;
        p.start = start;
        p.strange = true;
        this->check(p);
      }
}

// Chains of products -0 from a start -0 stay -0: what fills up tiles must not show.
TYPED_TEST(DeviceLinear, KeepsTheSignOfZero) {
  using T = TypeParam;
  for (const Device device : block_devices())
    for (std::int64_t depth = 1; depth <= 20; ++depth) {
      DeviceArrays arrays(device);
      constexpr std::int64_t rows = 40, cols = 9;
      const std::vector<T> zeros(std::size_t(rows * depth), T(0)), minus(std::size_t(cols * depth), T(-1));
      kernels::LinearTask task;
      task.input[0] = arrays.put(zeros, Spread<T>{rows, depth});
      task.n_inputs = 1;
      task.weight = arrays.put(minus, Spread<T>{cols, depth});
      task.bias = arrays.put(std::vector<T>(std::size_t(cols), T(-0.0)), Spread<T>{1, cols});
      task.y = arrays.put(std::vector<T>(std::size_t(rows * cols), T(-7)), Spread<T>{rows, cols});
      arrays.table().linear(task);
      for (const T y : arrays.get(static_cast<const T*>(task.y.data)))
        ASSERT_TRUE(y == 0 && std::signbit(y)) << y << " on " << device.name() << ", depth " << depth;
    }
}

// So many rows that a block of threads takes several tiles of them.
TYPED_TEST(DeviceLinear, HasTheBitsOfTheHostForManyRows) {
  Problem p;
  p.rows = 2200000;
  p.cols = 1;
  p.inputs = {1};
  p.bias = true;
  this->check(p);
}

}  // namespace
}  // namespace halograph::testing
