// SPDX-License-Identifier: BSD-3-Clause
// The device's side of launch.hpp: rows and lanes of four columns laid onto blocks of threads. Adjacent threads have
// adjacent lanes of a row; where a row has few, a block takes several rows.
#pragma once

#include <kernels/launch/blocks.hpp>
#include <kernels/launch/ragged.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T>
constexpr int native_width = 4;

template <int W>
struct Lane {
  std::int64_t column;
};

inline constexpr int row_threads = 256;

/// Calls body(row, Lane) for the four columns from `column` on, one by one at the end of a row.
template <class Row, class Body>
HALOGRAPH_FN void call_lane(Row row, std::int64_t column, std::int64_t cols, const Body& body) {
  if (column + 4 <= cols) {
    body(row, Lane<4>{column});
  } else {
    for (std::int64_t c = column; c < cols; ++c) body(row, Lane<1>{c});
  }
}

/// A block covers 2^width_log2 lanes of each of row_threads / 2^width_log2 rows. Shifts instead of divisions: these are
/// what a kernel that only moves numbers would spend its time on.
template <class Body>
struct RowsOnBlocks {
  std::int64_t rows, cols, across;
  int width_log2;
  Body body;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const std::int64_t down = block.index() / across, tile = block.index() - down * across;
    block.phase([&](int thread) {
      const std::int64_t row = (down << (row_threads_log2 - width_log2)) + (thread >> width_log2);
      const std::int64_t lane = (tile << width_log2) + (thread & ((1 << width_log2) - 1));
      if (row < rows) call_lane(row, 4 * lane, cols, body);
    });
  }
  static constexpr int row_threads_log2 = 8;
};

template <class Body>
struct WholeRowsOnBlocks {
  std::int64_t rows;
  Body body;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t row = block.index() * row_threads + thread;
      if (row < rows) body(row);
    });
  }
};

template <class Body>
struct RaggedRowsOnBlocks {
  RaggedRows rows;
  Body body;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t lane = block.index() * row_threads + thread;
      if (lane >= rows.lanes()) return;
      const int row = rows.row_of(lane);
      call_lane(row, 4 * (lane - rows.first_lane[row]), rows.cols[row], body);
    });
  }
};

/// Calls body(row, Lane<W>) for all elements of a [rows, cols] matrix, each once.
template <class T, class Body>
void for_each_row(std::int64_t rows, std::int64_t cols, const Body& body) {
  if (rows <= 0 || cols <= 0) return;
  const std::int64_t lanes = (cols + 3) / 4;
  int width_log2 = 0;
  while (width_log2 < 8 && (std::int64_t(1) << width_log2) < lanes) ++width_log2;
  const std::int64_t width = std::int64_t(1) << width_log2, tall = row_threads / width;
  const std::int64_t across = (lanes + width - 1) / width, down = (rows + tall - 1) / tall;
  for_each_block<row_threads>(across * down, 0, RowsOnBlocks<Body>{rows, cols, across, width_log2, body});
}

/// Calls body(row) for each row; the body walks its columns itself.
template <class Body>
void for_each_whole_row(std::int64_t rows, std::int64_t, const Body& body) {
  if (rows <= 0) return;
  for_each_block<row_threads>((rows + row_threads - 1) / row_threads, 0, WholeRowsOnBlocks<Body>{rows, body});
}

/// Calls body(row, Lane<W>) for all elements of rows of different lengths, each once.
template <class T, class Body>
void for_each_ragged_row(const RaggedRows& rows, const Body& body) {
  if (rows.lanes() <= 0) return;
  for_each_block<row_threads>((rows.lanes() + row_threads - 1) / row_threads, 0, RaggedRowsOnBlocks<Body>{rows, body});
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
