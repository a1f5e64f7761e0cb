// SPDX-License-Identifier: BSD-3-Clause
// Rows moved by index: messages read from nodes, halo rows packed and unpacked, arguments of
// extremes followed.
#include <kernels/launch/launch.hpp>
#include <kernels/places.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct GatherRows {
  Rows<T> x, more;
  std::int64_t x_rows;
  const std::int32_t* index;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int64_t from = index[row];
    const T* source = from < x_rows ? x[from] : more[from - x_rows];
    store(y[row] + at.column, load<W>(source + at.column));
  }
};

template <class T>
struct PutRows {
  Rows<T> x;
  const std::int32_t* index;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    store(y[index[row]] + at.column, load<W>(x[row] + at.column));
  }
};

template <class T>
struct Pick {
  Rows<T> x;
  const std::int32_t* where;
  std::int64_t cols;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    for (int i = 0; i < W; ++i) {
      const std::int64_t column = at.column + i;
      const std::int32_t from = where[row * cols + column];
      y[row][column] = from < 0 ? T(0) : x[from][column];
    }
  }
};

template <class T>
struct Unpick {
  Rows<T> x;
  const std::int32_t* where;
  const std::int32_t* segment;
  std::int64_t cols;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int64_t target = segment[row];
    const Places<T, W> place = load_places<T, W>(where + target * cols + at.column);
    const Places<T, W> here(static_cast<std::int32_t>(row));
    store(y[row] + at.column, select(place == here, load<W>(x[target] + at.column), Pack<T, W>(T(0))));
  }
};

void gather_rows(In x, In more, const std::int32_t* index, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, GatherRows<T>{Rows<T>(x), Rows<T>(more), x.rows, index, MutableRows<T>(y)});
  });
}

void put_rows(In x, const std::int32_t* index, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(x.rows, x.cols, PutRows<T>{Rows<T>(x), index, MutableRows<T>(y)});
  });
}

void pick(In x, const std::int32_t* where, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, Pick<T>{Rows<T>(x), where, y.cols, MutableRows<T>(y)});
  });
}

void unpick(In x, const std::int32_t* where, const std::int32_t* segment, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, Unpick<T>{Rows<T>(x), where, segment, y.cols, MutableRows<T>(y)});
  });
}

}  // namespace

void register_gather(Table& table) {
  table.gather_rows = gather_rows;
  table.put_rows = put_rows;
  table.pick = pick;
  table.unpick = unpick;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
