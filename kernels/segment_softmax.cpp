// SPDX-License-Identifier: BSD-3-Clause
// Softmax over the rows of a segment, column by column, and its first derivative.
#include <kernels/launch/launch.hpp>
#include <kernels/launch/math_exp.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct SegmentSoftmax {
  Rows<T> x;
  const std::int32_t* offset;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const std::int32_t begin = offset[row], end = offset[row + 1];
    if (begin == end) return;
    P largest = load<W>(x[begin] + at.column);
    for (std::int32_t j = begin + 1; j < end; ++j) largest = max(largest, load<W>(x[j] + at.column));
    P sum(T(0));
    for (std::int32_t j = begin; j < end; ++j) {
      const P value = fading_exp(load<W>(x[j] + at.column) - largest);
      store(y[j] + at.column, value);
      sum = sum + value;
    }
    sum = sum + P(T(1e-16));
    for (std::int32_t j = begin; j < end; ++j) store(y[j] + at.column, load<W>(y[j] + at.column) / sum);
  }
};

template <class T>
struct SegmentSoftmaxGradient {
  Rows<T> y, dy;
  const std::int32_t* offset;
  MutableRows<T> dx;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    P sum(T(0));
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j)
      sum = fma(load<W>(y[j] + at.column), load<W>(dy[j] + at.column), sum);
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j)
      store(dx[j] + at.column, load<W>(y[j] + at.column) * (load<W>(dy[j] + at.column) - sum));
  }
};

void segment_softmax(In x, const std::int32_t* offset, std::int64_t segments, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(segments, y.cols, SegmentSoftmax<T>{Rows<T>(x), offset, MutableRows<T>(y)});
  });
}

void segment_softmax_gradient(In y, In dy, const std::int32_t* offset, std::int64_t segments, Out dx) {
  switch_type(dx.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(segments, dx.cols, SegmentSoftmaxGradient<T>{Rows<T>(y), Rows<T>(dy), offset, MutableRows<T>(dx)});
  });
}

}  // namespace

void register_segment_softmax(Table& table) {
  table.segment_softmax = segment_softmax;
  table.segment_softmax_gradient = segment_softmax_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
