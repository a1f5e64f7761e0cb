// SPDX-License-Identifier: BSD-3-Clause
// A panel holds a few dozen rows of a matrix turned on their side: element (row, column) stands at
// column * panel_rows + row, so that a vector holds adjacent rows of one column. Everything a network does to
// a row is then done to a whole vector of rows at once, however few columns there are, and sums over
// columns need no shuffles. to_panel and from_panel turn rows into panels and back.
#pragma once

#include <kernels/host/transpose.hpp>
#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Vectors that a product keeps beside each other in registers.
inline constexpr int panel_group = 3;

/// Rows that a panel has room for.
template <class T>
inline constexpr int panel_rows = 2 * panel_group* native_width<T>;

/// Vectors that hold `rows` rows. Lanes beyond the last row are computed and never read.
template <class T>
int panel_vectors(int rows) {
  return (rows + native_width<T> - 1) / native_width<T>;
}

/// Calls body(offset) for each vector of the panel. The body should hold its pointers by value: they then stay in
/// registers.
template <class T, class Body>
HALOGRAPH_FN void for_each_vector(int rows, int cols, const Body& body) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  if (rows > stride - W) {
    for (int at = 0; at < cols * stride; at += W) body(at);
  } else {
    for (int column = 0; column < cols; ++column)
      for (int row = 0; row < rows; row += W) body(column * stride + row);
  }
}

/// How to_panel and from_panel walk the columns of a row: blocks as wide as a vector, then half as wide, then
/// one by one.
template <int C>
struct Block {
  static constexpr int width = C;
};
template <class T, class Body>
HALOGRAPH_FN void for_each_block(int cols, const Body& body) {
  constexpr int W = native_width<T>;
  int column = 0;
  for (; column + W <= cols; column += W) body(column, Block<W>{});
  if constexpr (W >= 4)
    if (column + W / 2 <= cols) {
      body(column, Block<W / 2>{});
      column += W / 2;
    }
  for (; column < cols; ++column) body(column, Block<1>{});
}

/// `rows` rows into the panel; read(row, column, Block<C>{}) gives C adjacent columns as a pack.
template <class T, class Read>
HALOGRAPH_FN void to_panel(int rows, int cols, T* panel, const Read& read) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  const auto turn = [&](int first, const auto& row) {
    // The compiler must not turn the addresses of W rows into W induction variables: they would spill.
    asm("" : "+r"(first));
    for_each_block<T>(cols, [&](int column, auto block) {
      T* to = panel + column * stride + first;
      if constexpr (block.width == W) {
        Pack<T, W> v[W];
        for (int i = 0; i < W; ++i) v[i] = read(row(first, i), column, block);
        transpose(v);
        for (int i = 0; i < W; ++i) store(to + i * stride, v[i]);
      } else if constexpr (block.width > 1) {
        constexpr int C = W / 2;
        Pack<T, W> v[C];
        for (int i = 0; i < C; ++i)
          v[i] = side_by_side<T, C>(read(row(first, i), column, block), read(row(first, i + C), column, block));
        transpose(v);
        for (int i = 0; i < C; ++i) store(to + i * stride, v[i]);
      } else {
        for (int i = 0; i < W; ++i) store(to + i, read(row(first, i), column, block));
      }
    });
  };
  int first = 0;
  for (; first + W <= rows; first += W) turn(first, [](int f, int i) { return f + i; });
  // Lanes beyond the last row repeat it.
  if (first < rows) turn(first, [rows](int f, int i) { return f + i < rows ? f + i : rows - 1; });
}

/// The way back: write(row, column, Block<C>{}, pack) gets every element of `rows` rows once.
template <class T, class Write>
HALOGRAPH_FN void from_panel(const T* panel, int rows, int cols, const Write& write) {
  constexpr int W = native_width<T>, stride = panel_rows<T>;
  const auto turn = [&](int first, const auto& there) {
    asm("" : "+r"(first));  // as in to_panel
    for_each_block<T>(cols, [&](int column, auto block) {
      const T* from = panel + column * stride + first;
      if constexpr (block.width == W) {
        Pack<T, W> v[W];
        for (int i = 0; i < W; ++i) v[i] = load<W>(from + i * stride);
        transpose(v);
        for (int i = 0; i < W; ++i)
          if (there(i)) write(first + i, column, block, v[i]);
      } else if constexpr (block.width > 1) {
        constexpr int C = W / 2;
        Pack<T, W> v[C];
        for (int i = 0; i < C; ++i) v[i] = load<W>(from + i * stride);
        transpose(v);
        for (int i = 0; i < C; ++i) {
          if (there(i)) write(first + i, column, block, low_half(v[i]));
          if (there(i + C)) write(first + i + C, column, block, high_half(v[i]));
        }
      } else {
        for (int i = 0; i < W; ++i)
          if (there(i)) write(first + i, column, block, Pack<T, 1>(from[i]));
      }
    });
  };
  int first = 0;
  for (; first + W <= rows; first += W) turn(first, [](int) { return true; });
  if (first < rows) turn(first, [here = rows - first](int i) { return i < here; });
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
