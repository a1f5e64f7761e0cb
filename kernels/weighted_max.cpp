// SPDX-License-Identifier: BSD-3-Clause
// The largest of weighted rows over segments, without the products in memory, and its gradients. Every element goes
// through the operations of the product, segment_extreme and their gradients one after the other.
#include <kernels/joined_rows.hpp>
#include <kernels/places.hpp>
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct WeightedMax {
  JoinedRows<T> value;
  const std::int32_t* row_of;
  const std::int32_t* offset;
  Rows<T> weight;
  MutableRows<T> y;
  std::int32_t* where;
  std::int64_t cols;
  template <int W>
  HALOGRAPH_FN Pack<T, W> product(std::int32_t e, std::int64_t column) const {
    return load<W>(value[row_of[e]] + column) * Pack<T, W>(weight[e][0]);
  }
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const std::int32_t begin = offset[row], end = offset[row + 1];
    Pack<T, W> best = begin < end ? product<W>(begin, at.column) : Pack<T, W>(T(0));
    Places<T, W> place(begin < end ? begin : -1);
    for (std::int32_t e = begin + 1; e < end; ++e) {
      const Pack<T, W> candidate = product<W>(e, at.column);
      const Mask<T, W> better = (candidate > best) | ((candidate != candidate) & (best == best));
      best = select(better, candidate, best);
      place = select(better, Places<T, W>(e), place);
    }
    store(y[row] + at.column, best);
    store_places<T, W>(where + row * cols + at.column, place);
  }
};

/// What reaches the message of an edge.
template <class T>
struct Chosen {
  Rows<T> dy;
  const std::int32_t* target;
  const std::int32_t* where;
  std::int64_t cols;
  template <int W>
  HALOGRAPH_FN Pack<T, W> of(std::int32_t e, std::int64_t column) const {
    const std::int64_t t = target[e];
    const Mask<T, W> here = load_places<T, W>(where + t * cols + column) == Places<T, W>(e);
    return select(here, load<W>(dy[t] + column), Pack<T, W>(T(0)));
  }
};

template <class T>
struct ValueGradient {
  Chosen<T> chosen;
  const std::int32_t* out_offset;
  const std::int32_t* out_edge;
  Rows<T> weight;
  MutableRows<T> dvalue;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    Pack<T, W> sum(T(0));
    for (std::int32_t j = out_offset[row]; j < out_offset[row + 1]; ++j) {
      const std::int32_t e = out_edge[j];
      sum = sum + chosen.template of<W>(e, at.column) * Pack<T, W>(weight[e][0]);
    }
    store(dvalue[row] + at.column, sum);
  }
};

template <class T>
struct ChosenProduct {
  const Chosen<T>& chosen;
  const T* value;
  std::int32_t e;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return chosen.template of<W>(e, column) * load<W>(value + column);
  }
};

template <class T>
struct WeightGradient {
  Chosen<T> chosen;
  JoinedRows<T> value;
  const std::int32_t* row_of;
  MutableRows<T> dweight;
  HALOGRAPH_FN void operator()(std::int64_t e) const {
    const std::int32_t edge = static_cast<std::int32_t>(e);
    const ChosenProduct<T> product{chosen, value[row_of[e]], edge};
    // A single product is not added to 0, which would change the sign of a zero.
    if (chosen.cols == 1) store(dweight[e], product.template operator()<1>(0));
    else dweight[e][0] = sum_over_columns<T>(chosen.cols, product);
  }
};

void weighted_max(const WeightedMaxTask& task) {
  switch_type(task.y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(task.y.rows, task.y.cols,
                    WeightedMax<T>{{task.value, task.more},
                                   task.row,
                                   task.offset,
                                   Rows<T>(task.weight),
                                   MutableRows<T>(task.y),
                                   task.where,
                                   task.y.cols});
  });
}

void weighted_max_gradient(const WeightedMaxGradientTask& task) {
  switch_type(task.dy.type, [&](auto t) {
    using T = decltype(t);
    const Chosen<T> chosen{Rows<T>(task.dy), task.target, task.where, task.dy.cols};
    if (task.dvalue.data)
      for_each_row<T>(
          task.dvalue.rows, task.dvalue.cols,
          ValueGradient<T>{chosen, task.out_offset, task.out_edge, Rows<T>(task.weight), MutableRows<T>(task.dvalue)});
    if (task.dweight.data)
      for_each_whole_row(task.dweight.rows, task.dy.cols,
                         WeightGradient<T>{chosen, {task.value, task.more}, task.row, MutableRows<T>(task.dweight)});
  });
}

}  // namespace

void register_weighted_max(Table& table) {
  table.weighted_max = weighted_max;
  table.weighted_max_gradient = weighted_max_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
