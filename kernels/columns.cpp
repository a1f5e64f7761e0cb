// SPDX-License-Identifier: BSD-3-Clause
// Sums over the columns of each row.
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct SumColumns {
  Rows<T> x;
  std::int64_t cols;
  MutableRows<T> y;
  HALOGRAPH_FN void operator()(std::int64_t row) const {
    y[row][0] = sum_over_columns<T>(cols, ColumnValue<T>{x[row]});
  }
};

void sum_columns(In x, Out y) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    for_each_whole_row(x.rows, x.cols, SumColumns<T>{Rows<T>(x), x.cols, MutableRows<T>(y)});
  });
}

}  // namespace

void register_columns(Table& table) { table.sum_columns = sum_columns; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
