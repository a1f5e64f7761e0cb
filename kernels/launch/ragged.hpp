// SPDX-License-Identifier: BSD-3-Clause
// Rows of different lengths, to be walked in one launch: the elements of all parameters, say. They travel by value,
// as an argument of the launch, so their number is limited.
#pragma once

#include <cstdint>

#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

struct RaggedRows {
  /// With four pointers a row besides, what fits into the 4 KiB that arguments of a launch may take.
  static constexpr int capacity = 80;

  int count = 0;
  std::int64_t first_lane[capacity + 1] = {};
  std::int64_t cols[capacity] = {};

  /// Appends a row, cut into lanes of `width` columns. There must be room.
  void append(std::int64_t row_cols, std::int64_t width) {
    cols[count] = row_cols;
    first_lane[count + 1] = first_lane[count] + (row_cols + width - 1) / width;
    ++count;
  }
  HALOGRAPH_FN std::int64_t lanes() const { return first_lane[count]; }
  /// The row that lane number `lane`, one of lanes(), belongs to.
  HALOGRAPH_FN int row_of(std::int64_t lane) const {
    int low = 0, high = count;
    while (high - low > 1) {
      const int middle = (low + high) / 2;
      if (first_lane[middle] <= lane) low = middle;
      else high = middle;
    }
    return low;
  }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
