// SPDX-License-Identifier: BSD-3-Clause
// Products over the rows of a segment and their first derivative, by the owner of the segment.
#include <kernels/launch/launch.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct SegmentProduct {
  Rows<T> x;
  const std::int32_t* offset;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    Pack<T, W> product(T(1));
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) product = product * load<W>(x[j] + at.column);
    store(y[row] + at.column, product);
  }
};

/// Two walks along the segment, so that a zero among the rows needs no division.
template <class T>
struct SegmentProductGradient {
  Rows<T> x, dy;
  const std::int32_t* offset;
  MutableRows<T> dx;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    Pack<T, W> before(T(1));
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) {
      store(dx[j] + at.column, before);
      before = before * load<W>(x[j] + at.column);
    }
    Pack<T, W> after = load<W>(dy[row] + at.column);
    for (std::int32_t j = offset[row + 1]; j-- > offset[row];) {
      T* out = dx[j] + at.column;
      store(out, load<W>(out) * after);
      after = after * load<W>(x[j] + at.column);
    }
  }
};

void segment_product(In x, const std::int32_t* offset, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, SegmentProduct<T>{Rows<T>(x), offset, MutableRows<T>(y)});
  });
}

void segment_product_gradient(In x, In dy, const std::int32_t* offset, Out dx) {
  switch_type(dx.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(dy.rows, dy.cols, SegmentProductGradient<T>{Rows<T>(x), Rows<T>(dy), offset, MutableRows<T>(dx)});
  });
}

}  // namespace

void register_segment_product(Table& table) {
  table.segment_product = segment_product;
  table.segment_product_gradient = segment_product_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
