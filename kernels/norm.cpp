// SPDX-License-Identifier: BSD-3-Clause
// Layer norm over the columns of each row and its first derivative.
#include <kernels/launch/math_support.hpp>
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct SquaredDeviation {
  const T* x;
  T mean;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return squared(load<W>(x + column) - Pack<T, W>(mean));
  }
};

template <class T>
struct LayerNorm {
  Rows<T> x;
  const T* weight;
  const T* bias;
  std::int64_t cols;
  T epsilon;
  MutableRows<T> statistics, y;
  HALOGRAPH_FN void operator()(std::int64_t row) const {
    const T* in = x[row];
    const T mean = sum_over_columns<T>(cols, ColumnValue<T>{in}) / T(cols);
    const T variance = sum_over_columns<T>(cols, SquaredDeviation<T>{in, mean}) / T(cols);
    T rstd[1];
    store(rstd, Pack<T, 1>(T(1)) / sqrt(Pack<T, 1>(variance + epsilon)));
    statistics[row][0] = mean;
    statistics[row][1] = rstd[0];
    T* out = y[row];
    std::int64_t column = 0;
    for (; column + 16 <= cols; column += 16) normalise<16>(in, out, column, mean, rstd[0]);
    for (; column + 4 <= cols; column += 4) normalise<4>(in, out, column, mean, rstd[0]);
    for (; column < cols; ++column) normalise<1>(in, out, column, mean, rstd[0]);
  }
  template <int W>
  HALOGRAPH_FN void normalise(const T* in, T* out, std::int64_t column, T mean, T rstd) const {
    using P = Pack<T, W>;
    P value = (load<W>(in + column) - P(mean)) * P(rstd);
    if (weight) value = fma(value, load<W>(weight + column), bias ? load<W>(bias + column) : P(T(0)));
    store(out + column, value);
  }
};

// With g = dy * weight and n the normalised row: dx = rstd * (g - mean(g) - n * mean(g n)).
template <class T>
struct Weighted {
  const T* dy;
  const T* weight;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return weight ? load<W>(dy + column) * load<W>(weight + column) : load<W>(dy + column);
  }
};

template <class T>
struct WeightedNormalised {
  Weighted<T> g;
  const T* x;
  T mean, rstd;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    using P = Pack<T, W>;
    return g.template operator()<W>(column) * ((load<W>(x + column) - P(mean)) * P(rstd));
  }
};

template <class T>
struct LayerNormGradient {
  Rows<T> x, statistics;
  const T* weight;
  Rows<T> dy;
  std::int64_t cols;
  MutableRows<T> dx;
  HALOGRAPH_FN void operator()(std::int64_t row) const {
    const T mean = statistics[row][0], rstd = statistics[row][1];
    const Weighted<T> g{dy[row], weight};
    const T mean_g = sum_over_columns<T>(cols, g) / T(cols);
    const T mean_gn = sum_over_columns<T>(cols, WeightedNormalised<T>{g, x[row], mean, rstd}) / T(cols);
    std::int64_t column = 0;
    for (; column + 16 <= cols; column += 16) write<16>(row, column, g, mean, rstd, mean_g, mean_gn);
    for (; column + 4 <= cols; column += 4) write<4>(row, column, g, mean, rstd, mean_g, mean_gn);
    for (; column < cols; ++column) write<1>(row, column, g, mean, rstd, mean_g, mean_gn);
  }
  template <int W>
  HALOGRAPH_FN void write(std::int64_t row, std::int64_t column, const Weighted<T>& g, T mean, T rstd, T mean_g,
                          T mean_gn) const {
    using P = Pack<T, W>;
    const P normalised = (load<W>(x[row] + column) - P(mean)) * P(rstd);
    const P inner = fma(-normalised, P(mean_gn), g.template operator()<W>(column) - P(mean_g));
    store(dx[row] + column, P(rstd) * inner);
  }
};

void layer_norm(const LayerNormTask& task) {
  switch_type(task.x.type, [&](auto t) {
    using T = decltype(t);
    for_each_whole_row(
        task.x.rows, task.x.cols,
        LayerNorm<T>{Rows<T>(task.x), static_cast<const T*>(task.weight.data), static_cast<const T*>(task.bias.data),
                     task.x.cols, T(task.epsilon), MutableRows<T>(task.statistics), MutableRows<T>(task.y)});
  });
}

void layer_norm_gradient(const LayerNormGradientTask& task) {
  switch_type(task.x.type, [&](auto t) {
    using T = decltype(t);
    for_each_whole_row(
        task.x.rows, task.x.cols,
        LayerNormGradient<T>{Rows<T>(task.x), Rows<T>(task.statistics), static_cast<const T*>(task.weight.data),
                             Rows<T>(task.dy), task.x.cols, MutableRows<T>(task.dx)});
  });
}

}  // namespace

void register_norm(Table& table) {
  table.layer_norm = layer_norm;
  table.layer_norm_gradient = layer_norm_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
