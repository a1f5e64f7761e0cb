// SPDX-License-Identifier: BSD-3-Clause
// A tile: some dozen rows of a matrix that a block keeps in shared memory, element (row, column) at row * stride +
// column. Numbers move 16 bytes at a time, a unit. Columns are filled up with zeros to a multiple of four, and the
// stride is an odd number of units, so that threads that read the same column of adjacent rows do not meet in a bank.
#pragma once

#include <cstdint>

#include <kernels/launch/launch.hpp>
#include <kernels/launch/unroll.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

inline constexpr int tile_threads = 256;

/// Adjacent numbers that move at once.
template <class T>
struct alignas(16) Unit {
  static constexpr int size = 16 / int(sizeof(T));
  T at[size];
};
template <class T>
HALOGRAPH_FN Unit<T>& unit_at(T* aligned) {
  return *reinterpret_cast<Unit<T>*>(aligned);
}
template <class T>
HALOGRAPH_FN const Unit<T>& unit_at(const T* aligned) {
  return *reinterpret_cast<const Unit<T>*>(aligned);
}

HALOGRAPH_FN constexpr int padded(int cols) { return (cols + 3) / 4 * 4; }

template <class T>
constexpr int tile_stride(int cols) {
  constexpr int unit = Unit<T>::size;
  return padded(cols) / unit % 2 == 0 ? padded(cols) + unit : padded(cols);
}

/// The first n numbers of a unit from any address, zeros behind them.
template <class T>
HALOGRAPH_FN Unit<T> load_unit(const T* from, int n) {
  constexpr int size = Unit<T>::size;
  if (n >= size && is_quad_aligned(from)) return unit_at(from);
  Unit<T> unit;
  for (int i = 0; i < size; ++i) unit.at[i] = i < n ? from[i] : T(0);
  return unit;
}
template <class T>
HALOGRAPH_FN void store_unit(T* to, const Unit<T>& unit, int n) {
  constexpr int size = Unit<T>::size;
  if (n >= size && is_quad_aligned(to)) {
    unit_at(to) = unit;
    return;
  }
  for (int i = 0; i < size; ++i)
    if (i < n) to[i] = unit.at[i];
}

/// How a tile of `cols` columns is laid onto the threads: adjacent ones have adjacent units.
template <class T>
struct TileWalk {
  int log2 = 0;  ///< of the units beside each other
  int cols;

  explicit HALOGRAPH_FN TileWalk(int of_cols) : cols(of_cols) {
    while (log2 < 5 && (Unit<T>::size << log2) < cols) ++log2;
  }
  HALOGRAPH_FN int first_row(int thread) const { return thread >> log2; }
  HALOGRAPH_FN int row_step() const { return tile_threads >> log2; }
  HALOGRAPH_FN int first_column(int thread) const { return (thread & ((1 << log2) - 1)) * Unit<T>::size; }
  HALOGRAPH_FN int column_step() const { return Unit<T>::size << log2; }
};

/// Calls body(row, column, n) for each unit of a tile that falls to this thread; n is the number of columns from
/// `column` on.
template <class T, class Body>
HALOGRAPH_FN void for_each_unit(int known, int rows, int cols, const Body& body) {
  const int thread = forgotten(known);
  const TileWalk<T> walk(cols);
  for (int row = walk.first_row(thread); row < rows; row += walk.row_step())
    for (int column = walk.first_column(thread); column < cols; column += walk.column_step())
      body(row, column, cols - column);
}

/// The same as put(row, column, n, fetch(row, column, n)), a few fetches at a time so that they wait for memory
/// together. What is fetched for rows beyond the last is that of the last, and is not put.
template <class T, class Fetch, class Put>
HALOGRAPH_FN void for_each_unit(int known, int rows, int cols, const Fetch& fetch, const Put& put) {
  constexpr int together = 4;
  const int thread = forgotten(known);
  const TileWalk<T> walk(cols);
  for (int column = walk.first_column(thread); column < cols; column += walk.column_step())
    for (int first = walk.first_row(thread); first < rows; first += together * walk.row_step()) {
      decltype(fetch(0, 0, 0)) value[together];
      for (int i = 0; i < together; ++i) {
        const int row = first + i * walk.row_step();
        value[i] = fetch(row < rows ? row : rows - 1, column, cols - column);
      }
      for (int i = 0; i < together; ++i) {
        const int row = first + i * walk.row_step();
        if (row < rows) put(row, column, cols - column, value[i]);
      }
    }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
