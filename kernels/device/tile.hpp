// SPDX-License-Identifier: BSD-3-Clause
// A tile: some dozen rows of a matrix that a block keeps in shared memory, element (row, column) at row * stride +
// column. Numbers move 16 bytes at a time, a unit. Columns are filled up with zeros to a multiple of four, and the stride is
// an odd number of units, so that threads that read the same column of adjacent rows do not meet in a bank.
#pragma once

#include <cstdint>

#include <kernels/launch/launch.hpp>

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

/// Calls body(row, column, n) for each unit of a tile of `cols` columns that falls to this thread: adjacent threads have
/// adjacent units. n is the number of columns from `column` on, if less than a unit.
template <class T, class Body>
HALOGRAPH_FN void for_each_unit(int thread, int rows, int cols, const Body& body) {
  constexpr int size = Unit<T>::size, most_log2 = 5;
  int log2 = 0;
  while (log2 < most_log2 && (size << log2) < cols) ++log2;
  for (int row = thread >> log2; row < rows; row += tile_threads >> log2)
    for (int column = (thread & ((1 << log2) - 1)) * size; column < cols; column += size << log2)
      body(row, column, cols - column < size ? cols - column : size);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
