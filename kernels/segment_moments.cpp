// SPDX-License-Identifier: BSD-3-Clause
// Mean and variance over the rows of a segment and their first derivative, by the owner of the segment.
#include <kernels/launch/launch.hpp>
#include <kernels/launch/math_support.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Two walks along the segment: values less their mean have no cancellation to lose digits by.
template <class T>
struct SegmentMoments {
  Rows<T> x;
  const std::int32_t* offset;
  MutableRows<T> mean, variance;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const std::int32_t begin = offset[row], end = offset[row + 1];
    const P count(T(end > begin ? end - begin : 1));
    P sum(T(0)), squares(T(0));
    for (std::int32_t j = begin; j < end; ++j) sum = sum + load<W>(x[j] + at.column);
    const P middle = sum / count;
    for (std::int32_t j = begin; j < end; ++j) {
      const P d = without_faint(load<W>(x[j] + at.column) - middle);
      squares = fma(d, d, squares);
    }
    store(mean[row] + at.column, middle);
    store(variance[row] + at.column, squares / count);
  }
};

template <class T>
struct SegmentMomentsGradient {
  Rows<T> x, mean, dmean, dvariance;
  const std::int32_t* offset;
  MutableRows<T> dx;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const std::int32_t begin = offset[row], end = offset[row + 1];
    if (begin == end) return;
    const P count(T(end - begin)), middle = load<W>(mean[row] + at.column);
    const P slope = (load<W>(dvariance[row] + at.column) * P(T(2))) / count;
    const P shift = dmean.data ? load<W>(dmean[row] + at.column) / count : P(T(0));
    for (std::int32_t j = begin; j < end; ++j)
      store(dx[j] + at.column, fma(load<W>(x[j] + at.column) - middle, slope, shift));
  }
};

void segment_moments(In x, const std::int32_t* offset, Out mean, Out variance) {
  switch_type(mean.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(mean.rows, mean.cols,
                    SegmentMoments<T>{Rows<T>(x), offset, MutableRows<T>(mean), MutableRows<T>(variance)});
  });
}

void segment_moments_gradient(In x, In mean, In dmean, In dvariance, const std::int32_t* offset, Out dx) {
  switch_type(dx.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(mean.rows, mean.cols,
                    SegmentMomentsGradient<T>{Rows<T>(x), Rows<T>(mean), Rows<T>(dmean), Rows<T>(dvariance), offset,
                                              MutableRows<T>(dx)});
  });
}

}  // namespace

void register_segment_moments(Table& table) {
  table.segment_moments = segment_moments;
  table.segment_moments_gradient = segment_moments_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
