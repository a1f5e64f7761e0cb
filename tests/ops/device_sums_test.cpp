// SPDX-License-Identifier: BSD-3-Clause
// Sums over rows on devices, bit for bit those of the host: trees of many shapes and runs of patches, empty patches,
// matrices with gaps between their rows, more patches than scratch memory holds. What lies between rows must stay.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/device_arrays.hpp"
#include "tests/support/digests/bits.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

using kernels::In;
using kernels::Out;
using kernels::PatchTree;
using kernels::RowGroups;
using kernels::Subtree;

/// Numbers of many magnitudes, so that the order of additions shows; some are zeros of either sign.
template <class T>
std::vector<T> numbers(std::int64_t n, std::uint64_t salt) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::uint64_t bits = mix((salt << 40) + std::uint64_t(i));
    const double value = (double(bits >> 11) * 0x1p-52 - 1) * std::exp2(double(bits % 13) - 6);
    values.push_back(bits % 17 == 0 ? T(0) : bits % 17 == 1 ? T(-0.0) : T(value));
  }
  return values;
}

/// A local run of patches, [first, first + number of patches) of `total`.
struct Patches {
  std::vector<std::int64_t> offset{0};
  std::int64_t first = 0, total = 0;
  std::vector<Subtree> subtrees;

  Patches(std::int64_t first_patch, std::int64_t all, const std::vector<std::int64_t>& rows)
      : first(first_patch), total(all) {
    for (const std::int64_t n : rows) offset.push_back(offset.back() + n);
    int level = 0;
    while ((std::int64_t(1) << level) < total) ++level;
    append(level, 0);
  }
  std::int64_t count() const { return std::int64_t(offset.size()) - 1; }
  std::int64_t rows() const { return offset.back(); }
  PatchTree on(DeviceArrays& arrays) const {
    return {offset.data(), arrays.put(offset), first, count(), total, subtrees.data(), int(subtrees.size())};
  }
  std::string name() const {
    return "patches [" + std::to_string(first) + ", " + std::to_string(first + count()) + ") of " +
           std::to_string(total) + " with " + std::to_string(rows()) + " rows";
  }

 private:
  /// The largest subtrees inside the run.
  void append(int level, std::int64_t index) {
    const std::int64_t begin = index << level, end = std::min(begin + (std::int64_t(1) << level), total);
    if (begin >= end || end <= first || begin >= first + count()) return;
    if (begin >= first && end <= first + count()) return subtrees.push_back({level, index});
    append(level - 1, 2 * index);
    append(level - 1, 2 * index + 1);
  }
};

std::vector<std::int64_t> uneven(std::int64_t patches, std::int64_t most) {
  std::vector<std::int64_t> rows;
  for (std::int64_t p = 0; p < patches; ++p)
    rows.push_back(std::int64_t(mix(std::uint64_t(p)) % std::uint64_t(most + 1)));
  return rows;
}

std::vector<Patches> tree_shapes() {
  return {{0, 1, {0}},
          {0, 1, {100}},
          {0, 7, {1, 39, 0, 50, 210, 10, 90}},
          {5, 37, uneven(23, 40)},
          {64, 77, uneven(13, 30)},
          {3, 40, {0, 0, 0, 0, 0}},
          {2, 4, {}},
          {0, 64, uneven(64, 20)},
          {1, 300, uneven(298, 5)}};
}

template <class T>
std::string first_difference(const std::vector<T>& expected, const std::vector<T>& found) {
  for (std::size_t i = 0; i < std::min(expected.size(), found.size()); ++i)
    if (std::memcmp(&expected[i], &found[i], sizeof(T)) != 0)
      return ": number " + std::to_string(i) + " is " + std::to_string(found[i]) + ", not " +
             std::to_string(expected[i]);
  return ": " + std::to_string(found.size()) + " numbers, not " + std::to_string(expected.size());
}

/// run(arrays) -> the values written, the same on the host and on each device.
template <class T, class Run>
void expect_same(const std::string& what, const Run& run) {
  DeviceArrays host(Device::host());
  const std::vector<T> expected = run(host);
  for (const Device device : block_devices()) {
    DeviceArrays arrays(device);
    const std::vector<T> found = run(arrays);
    EXPECT_TRUE(same_bits(expected, found)) << what << " on " << device.name() << first_difference(expected, found);
  }
}

template <class T>
std::vector<T> untouched(const Spread<T>& shape) {
  return std::vector<T>(static_cast<std::size_t>(shape.size()), T(-7));
}

template <class T>
class DeviceSums : public ::testing::Test {
 public:
  void SetUp() override {
    if (block_devices().empty()) GTEST_SKIP() << "no device, and built without the emulated one";
  }

  /// Partial sums of `size` elements a subtree, written by run(arrays, tree, partials).
  template <class Run>
  static void check(const std::string& what, const Patches& patches, std::int64_t size, const Run& run) {
    expect_same<T>(what + ", " + patches.name(), [&](DeviceArrays& arrays) {
      const Spread<T> shape{std::int64_t(patches.subtrees.size()), size, 3, 1};
      T* data = arrays.put(untouched(shape));
      run(arrays, patches.on(arrays), Out{data + shape.shift, dtype_of<T>(), shape.rows, size, shape.stride()});
      return arrays.get(data);
    });
  }

  static void check_sum_rows(const Patches& patches, const Spread<T>& x) {
    check("sum_rows of " + std::to_string(x.cols), patches, x.cols,
          [&](DeviceArrays& arrays, const PatchTree& tree, Out y) {
            arrays.table().sum_rows(arrays.put(numbers<T>(x.size(), 1), x), tree, y);
          });
  }

  static void check_norm(const Patches& patches, const Spread<T>& x) {
    const Spread<T> statistics{x.rows, 2, 1}, dy{x.rows, x.cols, 2};
    check("norm of " + std::to_string(x.cols), patches, 2 * x.cols,
          [&](DeviceArrays& arrays, const PatchTree& tree, Out y) {
            arrays.table().layer_norm_weight_gradient({arrays.put(numbers<T>(x.size(), 2), x),
                                                       arrays.put(numbers<T>(statistics.size(), 3), statistics),
                                                       arrays.put(numbers<T>(dy.size(), 4), dy), tree, y});
          });
  }

  /// The input is the columns from `before` on of before + ins + after.
  static void check_weights(const Patches& patches, std::int64_t outs, std::int64_t ins, std::int64_t gap = 0,
                            std::int64_t before = 0, std::int64_t after = 0) {
    const Spread<T> x{patches.rows(), ins, gap, gap}, dy{patches.rows(), outs, gap};
    const std::int64_t cols = before + ins + after;
    check("weights " + std::to_string(outs) + " x " + std::to_string(ins), patches, outs * cols,
          [&](DeviceArrays& arrays, const PatchTree& tree, Out y) {
            arrays.table().weight_gradient({arrays.put(numbers<T>(x.size(), 5), x),
                                            arrays.put(numbers<T>(dy.size(), 6), dy), tree, cols, before, y});
          });
  }

  static std::vector<std::int32_t> groups_of(std::int64_t rows, std::int64_t groups, bool sorted) {
    std::vector<std::int32_t> group;
    for (std::int64_t r = 0; r < rows; ++r) {
      const auto anywhere = std::int64_t(mix(std::uint64_t(r)) % std::uint64_t(groups));
      group.push_back(std::int32_t(sorted ? r * groups / rows : anywhere));
    }
    return group;
  }

  static void check_group_sums(const Patches& patches, const Spread<T>& x, std::int64_t groups, bool sorted) {
    check("group_sums of " + std::to_string(groups), patches, groups * x.cols,
          [&](DeviceArrays& arrays, const PatchTree& tree, Out y) {
            const RowGroups of_rows{arrays.put(groups_of(x.rows, groups, sorted)), groups};
            arrays.table().group_sums(arrays.put(numbers<T>(x.size(), 7), x), of_rows, tree, y);
          });
  }

  static void check_group_max(const std::vector<T>& values, const Spread<T>& x, std::int64_t groups, bool sorted) {
    const std::string what =
        "group_max of " + std::to_string(groups) + ", " + std::to_string(x.rows) + " x " + std::to_string(x.cols);
    const Spread<T> y{groups, x.cols, 2};
    const auto run = [&](DeviceArrays& arrays, auto result) {
      T* value = arrays.put(untouched(y));
      auto* where = arrays.put(std::vector<std::int32_t>(std::size_t(groups * x.cols), -7));
      const RowGroups of_rows{arrays.put(groups_of(x.rows, groups, sorted)), groups};
      arrays.table().group_max(arrays.put(values, x), of_rows, Out{value, dtype_of<T>(), groups, x.cols, y.stride()},
                               where);
      return result(arrays, value, where);
    };
    expect_same<T>(what, [&](DeviceArrays& arrays) {
      return run(arrays, [](DeviceArrays& a, T* value, std::int32_t*) { return a.get(value); });
    });
    expect_same<std::int32_t>(what + ", places", [&](DeviceArrays& arrays) {
      return run(arrays, [](DeviceArrays& a, T*, std::int32_t* where) { return a.get(where); });
    });
  }

  static void check_max_rows(const std::vector<T>& values, const Spread<T>& x) {
    expect_same<T>("max_rows, " + std::to_string(x.rows) + " x " + std::to_string(x.cols), [&](DeviceArrays& arrays) {
      T* y = arrays.put(std::vector<T>(std::size_t(x.cols) + 1, T(-7)));
      arrays.table().max_rows(arrays.put(values, x), Out{y, dtype_of<T>(), 1, x.cols, x.cols});
      return arrays.get(y);
    });
  }

  /// Few different numbers, both infinities and zeros of either sign: equals and their order matter. One NaN in a
  /// thousand.
  static std::vector<T> ties(std::int64_t n) {
    constexpr T infinite = std::numeric_limits<T>::infinity();
    const std::vector<T> choice{T(0), T(-0.0), T(-1), -infinite, -infinite, T(-0.0), T(-2), T(0)};
    std::vector<T> values;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::uint64_t bits = mix(std::uint64_t(i) + 99);
      const T nan = std::numeric_limits<T>::quiet_NaN(), chosen = choice[std::size_t(bits >> 32) % choice.size()];
      values.push_back(bits % 1009 == 0 ? nan : chosen);
    }
    return values;
  }
};

using Numbers = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DeviceSums, Numbers);

TYPED_TEST(DeviceSums, OfRows) {
  for (const Patches& patches : tree_shapes())
    for (const std::int64_t cols : {1, 3, 33, 128, 130}) {
      TestFixture::check_sum_rows(patches, {patches.rows(), cols});
      TestFixture::check_sum_rows(patches, {patches.rows(), cols, 5, 3});
    }
}

// Subtrees side by side are worked on at once; others are not mistaken for them.
TYPED_TEST(DeviceSums, OfSubtreesThatAreNotSideBySide) {
  Patches patches(5, 37, uneven(23, 40));
  ASSERT_GT(patches.subtrees.size(), 3u);
  patches.subtrees.erase(patches.subtrees.begin() + 1);
  TestFixture::check_sum_rows(patches, {patches.rows(), 9});
}

TYPED_TEST(DeviceSums, OfNormWeights) {
  for (const Patches& patches : tree_shapes())
    for (const std::int64_t cols : {1, 7, 64, 150}) TestFixture::check_norm(patches, {patches.rows(), cols, 4, 2});
}

TYPED_TEST(DeviceSums, OfProducts) {
  for (const Patches& patches : tree_shapes())
    for (const auto& [outs, ins] : {std::pair<std::int64_t, std::int64_t>(1, 1), {3, 64}, {64, 3}, {19, 33}, {8, 16}})
      for (const std::int64_t gap : {0, 3}) TestFixture::check_weights(patches, outs, ins, gap);
}

// Whole tiles of every kind: what is chosen depends on the weight's shape and on the number of patches.
TYPED_TEST(DeviceSums, OfProductsInTilesOfEveryKind) {
  const Patches one(0, 1, {70}), some(2, 41, uneven(33, 9)), many(3, 1500, uneven(1400, 2));
  using Shape = std::pair<std::int64_t, std::int64_t>;
  for (const auto& [outs, ins] : {Shape(64, 64), {65, 130}, {128, 17}, {1, 200}, {100, 1}, {32, 32}, {132, 68}})
    for (const Patches* patches : {&one, &some, &many}) TestFixture::check_weights(*patches, outs, ins);
}

TYPED_TEST(DeviceSums, OfProductsOfOneInputAmongOthers) {
  const Patches patches(5, 37, uneven(23, 40));
  TestFixture::check_weights(patches, 7, 5, 0, 2, 3);
  TestFixture::check_weights(patches, 20, 64, 1, 0, 3);
  TestFixture::check_weights(patches, 33, 8, 2, 4, 0);
}

TYPED_TEST(DeviceSums, OfOnePatchThatNobodyCut) {
  using T = TypeParam;
  for (const std::int64_t rows : {0, 1, 1000}) {
    const std::vector<std::int64_t> whole{0, rows};
    const Subtree root{0, 0};
    const PatchTree tree{whole.data(), nullptr, 0, 1, 1, &root, 1};
    expect_same<T>("sums of a replicated matrix", [&](DeviceArrays& arrays) {
      const Spread<T> x{rows, 13}, dy{rows, 9};
      T* y = arrays.put(std::vector<T>(13 + 13 * 9, T(-7)));
      const In left = arrays.put(numbers<T>(dy.size(), 8), dy), right = arrays.put(numbers<T>(x.size(), 9), x);
      arrays.table().sum_rows(right, tree, Out{y, dtype_of<T>(), 1, 13, 13});
      arrays.table().weight_gradient({right, left, tree, 13, 0, Out{y + 13, dtype_of<T>(), 1, 13 * 9, 13 * 9}});
      return arrays.get(y);
    });
  }
}

TYPED_TEST(DeviceSums, OfMorePatchesThanALaunchHasRowsOfBlocks) {
  const Patches patches(1, 70001, uneven(70000, 2));
  TestFixture::check_sum_rows(patches, {patches.rows(), 2});
  TestFixture::check_weights(patches, 2, 3);
}

// Sums so large that scratch memory holds a few patches, or one: subtrees come child by child.
TYPED_TEST(DeviceSums, OfMoreThanScratchMemoryHolds) {
  constexpr std::int64_t number = sizeof(TypeParam);
  const Patches several(1, 71, uneven(70, 1)), all(0, 70, uneven(70, 1)), few(0, 19, uneven(19, 3));
  for (const Patches* patches : {&several, &all})
    TestFixture::check_sum_rows(*patches, {patches->rows(), 400000 / number + 1});
  TestFixture::check_group_sums(few, {few.rows(), 1}, (std::int64_t(17) << 20) / number + 1, false);
}

TYPED_TEST(DeviceSums, OfGroups) {
  for (const Patches& patches : tree_shapes())
    for (const std::int64_t cols : {1, 5, 140})
      for (const std::int64_t groups : {1, 3, 50})
        for (const bool sorted : {false, true})
          TestFixture::check_group_sums(patches, {patches.rows(), cols, cols % 3, 1}, groups, sorted);
}

TYPED_TEST(DeviceSums, LargestOfGroups) {
  using T = TypeParam;
  for (const std::int64_t rows : {0, 1, 63, 700, 3000})
    for (const std::int64_t cols : {1, 6, 130})
      for (const std::int64_t groups : {1, 4, 90})
        for (const bool sorted : {false, true}) {
          const Spread<T> x{rows, cols, cols % 2, 1};
          TestFixture::check_group_max(numbers<T>(x.size(), 11), x, groups, sorted);
          TestFixture::check_group_max(TestFixture::ties(x.size()), x, groups, sorted);
        }
}

TYPED_TEST(DeviceSums, LargestRows) {
  using T = TypeParam;
  for (const std::int64_t rows : {0, 1, 255, 256, 257, 1025, 70000})
    for (const std::int64_t cols : {1, 6, 130}) {
      if (rows * cols > 1000000) continue;
      const Spread<T> x{rows, cols, cols % 2, 1};
      TestFixture::check_max_rows(numbers<T>(x.size(), 12), x);
      TestFixture::check_max_rows(TestFixture::ties(x.size()), x);
    }
}

}  // namespace
}  // namespace halograph::testing
