// SPDX-License-Identifier: BSD-3-Clause
// Chains down the columns of each of many pieces of rows: sums, largest values. The threads of a block bring rows into
// shared memory together, coalesced however few columns there are; then one thread a column goes down them in order.
//
// A chain is what happens to one column of one piece:
//   static constexpr int staged;   numbers that an element is in shared memory
//   struct State;                  of a thread, for one piece and column
//   start(state, piece, column);
//   stage(row, column, tile, plane);     puts number k of an element to tile[k * plane]
//   add(row, tile, plane, state);        takes the element that was put there
//   finish(state, piece, column);
#pragma once

#include <kernels/device/row_pieces.hpp>
#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T, class Chain>
struct ColumnChains {
  static constexpr int threads = 128;
  static constexpr int plane = 8192 / int(sizeof(T)) / Chain::staged;  ///< elements in shared memory
  static constexpr int shared_bytes = plane * Chain::staged * int(sizeof(T));

  Chain chain;
  RowPieces rows;
  std::int64_t cols, across;
  int width_log2;  ///< of the columns of a block, at most all threads

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    const std::int64_t piece = block.index() / across;
    const std::int64_t first = (block.index() - piece * across) << width_log2, end = rows.end(piece);
    const int width = 1 << width_log2, tall = plane >> width_log2;
    const int present = cols - first < width ? int(cols - first) : width;
    T* tile = block.template shared<T>(0);
    PerThread<typename Chain::State, Block> state;
    block.phase([&](int thread) {
      if (thread < present) chain.start(state[thread], piece, first + thread);
    });
    for (std::int64_t row = rows.begin(piece); row < end; row += tall) {
      const int n = end - row < tall ? int(end - row) : tall;
      block.phase([&](int thread) {
        const int column = thread & (width - 1), step = threads >> width_log2;
        if (column >= present) return;
        int r = thread >> width_log2;
        const auto stage = [&](int at) { chain.stage(row + at, first + column, tile + at * width + column, plane); };
        for (; r + 3 * step < n; r += 4 * step) {  // loads of four rows under way at once
          stage(r);
          stage(r + step);
          stage(r + 2 * step);
          stage(r + 3 * step);
        }
        for (; r < n; r += step) stage(r);
      });
      block.phase([&](int thread) {
        if (thread < present)
          for (int r = 0; r < n; ++r) chain.add(row + r, tile + r * width + thread, plane, state[thread]);
      });
    }
    block.phase([&](int thread) {
      if (thread < present) chain.finish(state[thread], piece, first + thread);
    });
  }
};

/// Enqueues the chain of each column of each of `pieces` pieces.
template <class T, class Chain>
void launch_chains(const Chain& chain, const RowPieces& rows, std::int64_t pieces, std::int64_t cols) {
  using Chains = ColumnChains<T, Chain>;
  if (pieces <= 0 || cols <= 0) return;
  int width_log2 = 0;
  while ((1 << width_log2) < Chains::threads && (1 << width_log2) < cols) ++width_log2;
  const std::int64_t across = (cols + (1 << width_log2) - 1) >> width_log2;
  for_each_block<Chains::threads>(pieces * across, Chains::shared_bytes, Chains{chain, rows, cols, across, width_log2});
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
