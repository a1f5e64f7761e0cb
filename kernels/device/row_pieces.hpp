// SPDX-License-Identifier: BSD-3-Clause
// Rows in pieces that kernels work on one by one, in row order: the local patches as a device knows them, or equally
// long runs of rows where any cut will do.
#pragma once

#include <kernels/kernels.hpp>
#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

struct RowPieces {
  const std::int64_t* offset = nullptr;  ///< in the device's memory; null: pieces of `length` rows
  std::int64_t first = 0;                ///< the number of piece 0
  std::int64_t length = 0, rows = 0;

  /// Local patches from `first` on, of a matrix of `rows` rows.
  static RowPieces patches(const PatchTree& tree, std::int64_t first, std::int64_t rows) {
    return {tree.device_offset, first, rows, rows};
  }
  static RowPieces equal(std::int64_t length, std::int64_t rows) { return {nullptr, 0, length, rows}; }

  HALOGRAPH_FN std::int64_t begin(std::int64_t piece) const {
    if (offset) return offset[first + piece];
    const std::int64_t row = (first + piece) * length;
    return row < rows ? row : rows;
  }
  HALOGRAPH_FN std::int64_t end(std::int64_t piece) const { return begin(piece + 1); }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
