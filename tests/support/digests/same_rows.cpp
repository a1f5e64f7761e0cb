// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/digests/same_rows.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include <halograph/graph/dist/row_space.hpp>

namespace halograph::testing {
namespace {

template <class T>
void expect_same_bits(const Tensor& mine, const Tensor& whole, std::size_t result) {
  const std::vector<T> found = mine.to_vector<T>(), all = whole.to_vector<T>();
  const RowSpacePtr& space = mine.row_space();
  ASSERT_EQ(mine.partitioned(), whole.partitioned());
  ASSERT_EQ(mine.cols(), whole.cols());
  const std::int64_t first = space ? space->first_row() : 0;
  ASSERT_LE(std::size_t((first + mine.rows()) * mine.cols()), all.size());
  ASSERT_EQ(mine.rows(), space ? space->local_rows() : whole.rows());
  const T* expected = all.data() + first * mine.cols();
  if (found.empty() || std::memcmp(found.data(), expected, found.size() * sizeof(T)) == 0) return;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (std::memcmp(&found[i], expected + i, sizeof(T)) != 0) {
      ADD_FAILURE() << "result " << result << " [" << i / std::size_t(mine.cols()) << ", "
                    << i % std::size_t(mine.cols()) << "]: " << found[i] << " where one rank has " << expected[i];
      return;
    }
}

}  // namespace

void expect_rows_of(const Tensor& mine, const Tensor& whole, std::size_t result) {
  ASSERT_EQ(mine.dtype(), whole.dtype());
  with_dtype(mine.dtype(), [&](auto t) { expect_same_bits<decltype(t)>(mine, whole, result); });
}

}  // namespace halograph::testing
