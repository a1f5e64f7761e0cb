// SPDX-License-Identifier: BSD-3-Clause
// Reductions over the rows of a segment (the edges of a node), by the owner of the result: no
// atomics, one fixed order.
#include <kernels/launch/launch.hpp>
#include <kernels/places.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T, int W>
HALOGRAPH_FN Pack<T, W> sum_of(const Rows<T>& x, const std::int32_t* index, std::int32_t begin, std::int32_t end,
                               std::int64_t column) {
  Pack<T, W> sum(T(0));
  if (index) {
    for (std::int32_t j = begin; j < end; ++j) sum = sum + load<W>(x[index[j]] + column);
  } else {
    for (std::int32_t j = begin; j < end; ++j) sum = sum + load<W>(x[j] + column);
  }
  return sum;
}

template <class T>
struct SegmentSum {
  Rows<T> x;
  const std::int32_t* offset;
  const std::int32_t* index;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[row] + at.column, sum_of<T, W>(x, index, offset[row], offset[row + 1], at.column));
  }
};

template <class T>
struct SegmentAdd {
  Rows<T> x;
  const std::int32_t* offset;
  const std::int32_t* index;
  const std::int32_t* rows;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t i, Lane<W> at) const {
    T* out = y[rows[i]] + at.column;
    store(out, load<W>(out) + sum_of<T, W>(x, index, offset[i], offset[i + 1], at.column));
  }
};

template <class T, bool largest>
struct SegmentExtreme {
  Rows<T> x;
  const std::int32_t* offset;
  MutableRows<T> y;
  std::int32_t* where;
  std::int64_t cols;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int32_t begin = offset[row], end = offset[row + 1];
    Pack<T, W> value = begin < end ? load<W>(x[begin] + at.column) : Pack<T, W>(T(0));
    Places<T, W> place(begin < end ? begin : -1);
    for (std::int32_t j = begin + 1; j < end; ++j) {
      const Pack<T, W> candidate = load<W>(x[j] + at.column);
      const Mask<T, W> beyond = largest ? candidate > value : candidate < value;
      // A NaN wins over every number and is kept.
      const Mask<T, W> better = beyond | ((candidate != candidate) & (value == value));
      value = select(better, candidate, value);
      place = select(better, Places<T, W>(j), place);
    }
    store(y[row] + at.column, value);
    store_places<T, W>(where + row * cols + at.column, place);
  }
};

void segment_sum(In x, const std::int32_t* offset, const std::int32_t* index, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, SegmentSum<T>{Rows<T>(x), offset, index, MutableRows<T>(y)});
  });
}

void segment_add(In x, const std::int32_t* offset, const std::int32_t* index, const std::int32_t* rows,
                 std::int64_t n_rows, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(n_rows, y.cols, SegmentAdd<T>{Rows<T>(x), offset, index, rows, MutableRows<T>(y)});
  });
}

void segment_extreme(bool largest, In x, const std::int32_t* offset, Out y, std::int32_t* where) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    if (largest)
      for_each_row<T>(y.rows, y.cols, SegmentExtreme<T, true>{Rows<T>(x), offset, MutableRows<T>(y), where, y.cols});
    else
      for_each_row<T>(y.rows, y.cols, SegmentExtreme<T, false>{Rows<T>(x), offset, MutableRows<T>(y), where, y.cols});
  });
}

}  // namespace

void register_segment(Table& table) {
  table.segment_sum = segment_sum;
  table.segment_add = segment_add;
  table.segment_extreme = segment_extreme;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
