// SPDX-License-Identifier: BSD-3-Clause
// Rows times weights of edges, summed over segments, and the products of rows that are the gradients of the weights.
// Nothing as wide as the rows is written per edge.
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Row r of two matrices one below the other.
template <class T>
struct JoinedRows {
  Rows<T> rows, more;
  std::int64_t count;
  JoinedRows(const In& first, const In& second) : rows(first), more(second), count(first.rows) {}
  HALOGRAPH_FN const T* operator[](std::int64_t row) const { return row < count ? rows[row] : more[row - count]; }
};

/// `Each`: a weight for each column; otherwise one for the row.
template <class T, bool Each>
struct WeightedSum {
  JoinedRows<T> value;
  const std::int32_t* row_of;
  const std::int32_t* edge;
  const std::int32_t* offset;
  Rows<T> weight;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    P sum(T(0));
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) {
      const std::int32_t e = edge ? edge[j] : j;
      const P w = weight_of<W>(e, at.column);
      sum = fma(load<W>(value[row_of[e]] + at.column), w, sum);
    }
    store(y[row] + at.column, sum);
  }
  template <int W>
  HALOGRAPH_FN Pack<T, W> weight_of(std::int32_t e, std::int64_t column) const {
    if constexpr (Each) return load<W>(weight[e] + column);
    else return Pack<T, W>(weight[e][0]);
  }
};

template <class T>
struct Product {
  const T* left;
  const T* right;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return load<W>(left + column) * load<W>(right + column);
  }
};

/// One column for each element of a row: nothing to sum.
template <class T>
struct EdgeProduct {
  JoinedRows<T> left;
  const std::int32_t* left_row;
  Rows<T> right;
  const std::int32_t* right_row;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t e, Lane<W> at) const {
    const Product<T> product{left[left_row[e]], right[right_row[e]]};
    store(y[e] + at.column, product.template operator()<W>(at.column));
  }
};

template <class T>
struct EdgeDot {
  JoinedRows<T> left;
  const std::int32_t* left_row;
  Rows<T> right;
  const std::int32_t* right_row;
  MutableRows<T> y;
  std::int64_t heads, width;
  HALOGRAPH_FN void operator()(std::int64_t e) const {
    const T* a = left[left_row[e]];
    const T* b = right[right_row[e]];
    for (std::int64_t h = 0; h < heads; ++h)
      y[e][h] = sum_over_columns<T>(width, Product<T>{a + h * width, b + h * width});
  }
};

template <class View>
View columns_of(View view, std::int64_t first, std::int64_t count) {
  if (view.data) view.data = const_cast<char*>(static_cast<const char*>(view.data)) + first * std::int64_t(size_of(view.type));
  view.cols = count;
  return view;
}

void weighted_sum(const WeightedSumTask& task) {
  switch_type(task.y.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t heads = task.weight.cols;
    if (heads == task.y.cols) {
      for_each_row<T>(task.y.rows, task.y.cols,
                      WeightedSum<T, true>{{task.value, task.more}, task.row, task.edge, task.offset,
                                           Rows<T>(task.weight), MutableRows<T>(task.y)});
      return;
    }
    const std::int64_t width = heads > 0 ? task.y.cols / heads : 0;
    for (std::int64_t h = 0; h < heads; ++h)
      for_each_row<T>(task.y.rows, width,
                      WeightedSum<T, false>{{columns_of(task.value, h * width, width), columns_of(task.more, h * width, width)},
                                            task.row, task.edge, task.offset, Rows<T>(columns_of(task.weight, h, 1)),
                                            MutableRows<T>(columns_of(task.y, h * width, width))});
  });
}

void edge_dot(const EdgeDotTask& task) {
  switch_type(task.y.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t heads = task.y.cols;
    const JoinedRows<T> left(task.left, task.more);
    if (heads == task.right.cols)
      for_each_row<T>(task.y.rows, heads,
                      EdgeProduct<T>{left, task.left_row, Rows<T>(task.right), task.right_row, MutableRows<T>(task.y)});
    else
      for_each_whole_row(task.y.rows, task.right.cols,
                         EdgeDot<T>{left, task.left_row, Rows<T>(task.right), task.right_row, MutableRows<T>(task.y),
                                    heads, task.right.cols / heads});
  });
}

}  // namespace

void register_weighted(Table& table) {
  table.weighted_sum = weighted_sum;
  table.edge_dot = edge_dot;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
