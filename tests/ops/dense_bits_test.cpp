// SPDX-License-Identifier: BSD-3-Clause
// Dense products and sums over rows, bit for bit against the scalar chains that the table of kernels
// promises, for every instruction set that this processor has. What agrees with one scalar chain
// agrees with the others and does not depend on where a row stands.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include <kernels/host/candidates.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

using kernels::In;
using kernels::Out;

template <class T>
std::vector<T> random(std::int64_t n, std::uint64_t salt) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < n; ++i) values.push_back(T(double(mix(salt + std::uint64_t(i)) >> 11) * 0x1p-52 - 1));
  return values;
}

template <class T>
In view(const T* data, std::int64_t rows, std::int64_t cols, std::int64_t stride = -1) {
  return {data, dtype_of<T>(), rows, cols, stride < 0 ? cols : stride};
}
template <class T>
Out out_view(T* data, std::int64_t rows, std::int64_t cols, std::int64_t stride = -1) {
  return {data, dtype_of<T>(), rows, cols, stride < 0 ? cols : stride};
}

/// body(name, table) for each instruction set.
template <class Body>
void for_each_table(const Body& body) {
  for (const kernels::HostKernels& candidate : kernels::host_candidates()) {
    if (!candidate.runs_here) continue;
    SCOPED_TRACE(std::string(candidate.name));
    kernels::Table table;
    candidate.fill(table);
    body(table);
  }
}

template <class T>
class DenseBits : public ::testing::Test {};
using Numbers = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DenseBits, Numbers);

template <class T>
void check_linear(std::int64_t depth, std::int64_t cols, bool transposed) {
  constexpr std::int64_t rows = 300;
  const std::vector<T> x = random<T>(rows * depth, 1), w = random<T>(depth * cols, 2), bias = random<T>(cols, 3);
  std::vector<T> expected;
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < cols; ++c) {
      T sum = bias[std::size_t(c)];
      for (std::int64_t k = 0; k < depth; ++k)
        sum = std::fma(x[std::size_t(r * depth + k)], w[std::size_t(transposed ? k * cols + c : c * depth + k)], sum);
      expected.push_back(sum);
    }
  for_each_table([&](const kernels::Table& table) {
    for (const auto& [first, count] : {std::pair<std::int64_t, std::int64_t>(0, rows),
                                       {1, 1},
                                       {7, 2},
                                       {298, 2},
                                       {5, 3},
                                       {100, 7},
                                       {50, 12},
                                       {3, 13},
                                       {11, 191},
                                       {0, 193},
                                       {10, 290}}) {
      // A gap after each row must stay untouched.
      std::vector<T> y(std::size_t(count * (cols + 1)), T(-7));
      kernels::LinearTask task;
      task.input[0] = view(x.data() + first * depth, count, depth);
      task.n_inputs = 1;
      task.weight = transposed ? view(w.data(), depth, cols) : view(w.data(), cols, depth);
      task.transposed = transposed;
      task.bias = view(bias.data(), 1, cols);
      task.y = out_view(y.data(), count, cols, cols + 1);
      table.linear(task);
      for (std::int64_t r = 0; r < count; ++r) {
        ASSERT_EQ(0, std::memcmp(&y[std::size_t(r * (cols + 1))], &expected[std::size_t((first + r) * cols)],
                                 std::size_t(cols) * sizeof(T)))
            << "row " << r << " of " << count << ", depth " << depth << ", columns " << cols;
        ASSERT_EQ(y[std::size_t(r * (cols + 1) + cols)], T(-7));
      }
    }
  });
}

TYPED_TEST(DenseBits, LinearIsOneChainForEveryNumberOfColumns) {
  for (std::int64_t cols = 1; cols <= 80; ++cols) check_linear<TypeParam>(1 + cols * 53 % 130, cols, cols % 2 == 0);
}

TYPED_TEST(DenseBits, LinearIsOneChainForEveryDepth) {
  for (std::int64_t depth = 1; depth <= 130; ++depth)
    check_linear<TypeParam>(depth, 1 + depth * 7 % 37, depth % 2 == 0);
}

TYPED_TEST(DenseBits, LinearWalksInputsSideBySideInOrder) {
  using T = TypeParam;
  const std::vector<T> x = random<T>(50 * 11, 4), w = random<T>(23 * 11, 5);
  for_each_table([&](const kernels::Table& table) {
    std::vector<T> whole(50 * 23), parts(50 * 23);
    kernels::LinearTask task;
    task.n_inputs = 1;
    task.input[0] = view(x.data(), 50, 11);
    task.weight = view(w.data(), 23, 11);
    task.y = out_view(whole.data(), 50, 23);
    table.linear(task);
    task.n_inputs = 4;
    std::int64_t first = 0, n = 0;
    for (const std::int64_t cols : {1, 5, 2, 3}) {
      task.input[n++] = view(x.data() + first, 50, cols, 11);
      first += cols;
    }
    task.y = out_view(parts.data(), 50, 23);
    table.linear(task);
    EXPECT_EQ(0, std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(T)));
  });
}

/// The sum over patches along the tree: [begin, end) of 2^k patches, absent ones skipped.
template <class T>
std::vector<T> tree(const std::vector<std::vector<T>>& leaf, std::size_t begin, std::size_t width) {
  if (width == 1) return leaf[begin];
  std::vector<T> left = tree(leaf, begin, width / 2);
  if (begin + width / 2 >= leaf.size()) return left;
  const std::vector<T> right = tree(leaf, begin + width / 2, width / 2);
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = left[i] + right[i];
  return left;
}

template <class T>
void check_row_sums(std::int64_t outs, std::int64_t ins, const std::vector<std::int64_t>& offset) {
  const std::int64_t rows = offset.back(), patches = std::int64_t(offset.size()) - 1;
  const std::vector<T> dy = random<T>(rows * outs, 6), x = random<T>(rows * ins, 7);
  std::vector<std::vector<T>> products, sums;
  for (std::int64_t p = 0; p < patches; ++p) {
    std::vector<T> product(std::size_t(outs * ins), T(0)), sum(std::size_t(ins), T(0));
    for (std::int64_t r = offset[std::size_t(p)]; r < offset[std::size_t(p) + 1]; ++r) {
      for (std::int64_t i = 0; i < ins; ++i) sum[std::size_t(i)] = sum[std::size_t(i)] + x[std::size_t(r * ins + i)];
      for (std::int64_t o = 0; o < outs; ++o)
        for (std::int64_t i = 0; i < ins; ++i) {
          T& element = product[std::size_t(o * ins + i)];
          element = std::fma(dy[std::size_t(r * outs + o)], x[std::size_t(r * ins + i)], element);
        }
    }
    products.push_back(product);
    sums.push_back(sum);
  }
  std::size_t width = 1;
  int level = 0;
  while (std::int64_t(width) < patches) width *= 2, ++level;
  const std::vector<T> product = tree(products, 0, width), sum = tree(sums, 0, width);
  const kernels::Subtree all{level, 0};
  const kernels::PatchTree patch_tree{offset.data(), nullptr, 0, patches, patches, &all, 1};
  for_each_table([&](const kernels::Table& table) {
    std::vector<T> found(std::size_t(outs * ins)), found_sum(static_cast<std::size_t>(ins));
    table.weight_gradient({view(x.data(), rows, ins), view(dy.data(), rows, outs), patch_tree, ins, 0,
                           out_view(found.data(), 1, outs * ins)});
    EXPECT_EQ(0, std::memcmp(found.data(), product.data(), found.size() * sizeof(T))) << outs << " x " << ins;
    table.sum_rows(view(x.data(), rows, ins), patch_tree, out_view(found_sum.data(), 1, ins));
    EXPECT_EQ(0, std::memcmp(found_sum.data(), sum.data(), found_sum.size() * sizeof(T))) << ins;
  });
}

TYPED_TEST(DenseBits, WeightGradientIsOneChainAPatchAndATree) {
  const std::vector<std::int64_t> one{0, 100}, seven{0, 1, 40, 40, 90, 300, 310, 400};
  std::vector<std::int64_t> many{0};
  for (int p = 0; p < 77; ++p) many.push_back(many.back() + p * 13 % 11);
  for (std::int64_t n = 1; n <= 40; ++n) {
    check_row_sums<TypeParam>(1 + n * 7 % 19, n, seven);
    check_row_sums<TypeParam>(n, 1 + n * 5 % 23, many);
  }
  check_row_sums<TypeParam>(3, 130, one);
  check_row_sums<TypeParam>(80, 50, one);
}

}  // namespace
}  // namespace halograph::testing
