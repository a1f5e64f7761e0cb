// SPDX-License-Identifier: BSD-3-Clause
// Rows times weights of edges, summed over segments, and the products of rows that are the gradients of the weights.
// Nothing as wide as the rows is written per edge.
#include <kernels/joined_rows.hpp>
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// `Each`: a weight for each column; otherwise one for `width` of them.
template <class T, bool Each>
struct WeightedSum {
  JoinedRows<T> value;
  const std::int32_t* row_of;
  const std::int32_t* edge;
  const std::int32_t* offset;
  Rows<T> weight;
  MutableRows<T> y;
  std::int64_t width;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int64_t column = at.column;
    if constexpr (Each) {
      sum<W>(row, column, [&](std::int32_t e) { return load<W>(weight[e] + column); });
      return;
    }
    const std::int64_t head = column / width;
    if constexpr (W > 1) {
      if (column + W > (head + 1) * width) {  // the lane reaches into the next head
        (*this)(row, Lane<W / 2>{column});
        (*this)(row, Lane<W / 2>{column + W / 2});
        return;
      }
    }
    sum<W>(row, column, [&](std::int32_t e) { return Pack<T, W>(weight[e][head]); });
  }
  template <int W, class WeightOf>
  HALOGRAPH_FN void sum(std::int64_t row, std::int64_t column, const WeightOf& weight_of) const {
    Pack<T, W> total(T(0));
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) {
      const std::int32_t e = edge ? edge[j] : j;
      total = fma(load<W>(value[row_of[e]] + column), weight_of(e), total);
    }
    store(y[row] + column, total);
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

template <class T, bool Each>
void weighted_sum_as(const WeightedSumTask& task) {
  for_each_row<T>(task.y.rows, task.y.cols,
                  WeightedSum<T, Each>{{task.value, task.more},
                                       task.row,
                                       task.edge,
                                       task.offset,
                                       Rows<T>(task.weight),
                                       MutableRows<T>(task.y),
                                       Each ? 1 : task.y.cols / task.weight.cols});
}

void weighted_sum(const WeightedSumTask& task) {
  switch_type(task.y.type, [&](auto t) {
    using T = decltype(t);
    if (task.weight.cols == task.y.cols) weighted_sum_as<T, true>(task);
    else weighted_sum_as<T, false>(task);
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
