// SPDX-License-Identifier: BSD-3-Clause
// Messages of scalars and vectors, summed where they arrive, and their gradients: per edge no more is read than its
// weights and its direction, and nothing is written but their gradients.
#include <kernels/joined_rows.hpp>
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

constexpr int axes = 3;

/// `Vectors`: whether values have vectors.
template <class T, bool Vectors>
struct Message {
  JoinedRows<T> value;
  const std::int32_t* value_row;
  const std::int32_t* edge;
  const std::int32_t* offset;
  Rows<T> weight, direction;
  MutableRows<T> y;
  std::int64_t width;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const P zero(T(0));
    P scalar = zero, radial[axes] = {zero, zero, zero}, moved[axes] = {zero, zero, zero};
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) {
      const std::int32_t e = edge ? edge[j] : j;
      const T* x = value[value_row[e]] + at.column;
      const T* w = weight[e] + at.column;
      const T* r = direction[e];
      scalar = fma(load<W>(x), load<W>(w), scalar);
      const P w2 = load<W>(w + width), g = load<W>(x + width);
      for (int a = 0; a < axes; ++a) radial[a] = fma(g, w2 * P(r[a]), radial[a]);
      if constexpr (Vectors) {
        const P w3 = load<W>(w + 2 * width);
        for (int a = 0; a < axes; ++a) moved[a] = fma(load<W>(x + (2 + a) * width), w3, moved[a]);
      }
    }
    T* to = y[row] + at.column;
    store(to, scalar);
    for (int a = 0; a < axes; ++a) store(to + (1 + a) * width, Vectors ? radial[a] + moved[a] : radial[a]);
  }
};

/// The gradient of a row of values.
template <class T, bool Vectors>
struct ValueGradient {
  Rows<T> dy;
  const std::int32_t* y_row;
  const std::int32_t* edge;
  const std::int32_t* offset;
  Rows<T> weight, direction;
  MutableRows<T> dx;
  std::int64_t width;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const P zero(T(0));
    P scalar = zero, radial[axes] = {zero, zero, zero}, moved[axes] = {zero, zero, zero};
    for (std::int32_t j = offset[row]; j < offset[row + 1]; ++j) {
      const std::int32_t e = edge ? edge[j] : j;
      const T* d = dy[y_row[e]] + at.column;
      const T* w = weight[e] + at.column;
      const T* r = direction[e];
      scalar = fma(load<W>(d), load<W>(w), scalar);
      const P w2 = load<W>(w + width), w3 = load<W>(w + 2 * width);
      for (int a = 0; a < axes; ++a) {
        const P da = load<W>(d + (1 + a) * width);
        radial[a] = fma(da, w2 * P(r[a]), radial[a]);
        if constexpr (Vectors) moved[a] = fma(da, w3, moved[a]);
      }
    }
    T* to = dx[row] + at.column;
    store(to, scalar);
    store(to + width, radial[2] + radial[1] + radial[0]);
    if constexpr (Vectors)
      for (int a = 0; a < axes; ++a) store(to + (2 + a) * width, moved[a]);
  }
};

template <class T, bool Vectors>
struct WeightGradient {
  JoinedRows<T> value;
  const std::int32_t* value_row;
  Rows<T> dy;
  const std::int32_t* y_row;
  Rows<T> direction;
  MutableRows<T> dweight;
  std::int64_t width;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t e, Lane<W> at) const {
    using P = Pack<T, W>;
    const T* x = value[value_row[e]] + at.column;
    const T* d = dy[y_row[e]] + at.column;
    const T* r = direction[e];
    const P g = load<W>(x + width);
    P da[axes];
    for (int a = 0; a < axes; ++a) da[a] = load<W>(d + (1 + a) * width);
    T* to = dweight[e] + at.column;
    store(to, load<W>(x) * load<W>(d));
    store(to + width, g * da[2] * P(r[2]) + g * da[1] * P(r[1]) + g * da[0] * P(r[0]));
    if constexpr (Vectors)
      store(to + 2 * width,
            load<W>(x + 4 * width) * da[2] + load<W>(x + 3 * width) * da[1] + load<W>(x + 2 * width) * da[0]);
    else store(to + 2 * width, P(T(0)));
  }
};

template <class T>
struct ThreeFactors {
  const T* a;
  const T* b;
  const T* c;
  template <int W>
  HALOGRAPH_FN Pack<T, W> operator()(std::int64_t column) const {
    return load<W>(a + column) * load<W>(b + column) * load<W>(c + column);
  }
};

template <class T>
struct DirectionGradient {
  JoinedRows<T> value;
  const std::int32_t* value_row;
  Rows<T> dy;
  const std::int32_t* y_row;
  Rows<T> weight;
  MutableRows<T> ddirection;
  std::int64_t width;
  HALOGRAPH_FN void operator()(std::int64_t e) const {
    const T* g = value[value_row[e]] + width;
    const T* w2 = weight[e] + width;
    for (int a = 0; a < axes; ++a)
      ddirection[e][a] = sum_over_columns<T>(width, ThreeFactors<T>{g, dy[y_row[e]] + (1 + a) * width, w2});
  }
};

template <bool Vectors>
struct With {
  static constexpr bool vectors = Vectors;
};
/// Calls body(T(), width, With<whether there are vectors>()).
template <class Body>
void switch_message(const In& weight, std::int64_t value_cols, const Body& body) {
  const std::int64_t width = weight.cols / 3;
  switch_type(weight.type, [&](auto t) {
    if (value_cols > 2 * width) body(t, width, With<true>{});
    else body(t, width, With<false>{});
  });
}

void vector_message(const VectorMessageTask& task) {
  switch_message(task.weight, task.value.cols, [&](auto t, std::int64_t width, auto with) {
    using T = decltype(t);
    for_each_row<T>(task.y.rows, width,
                    Message<T, decltype(with)::vectors>{{task.value, task.more},
                                                        task.value_row,
                                                        task.edge,
                                                        task.offset,
                                                        Rows<T>(task.weight),
                                                        Rows<T>(task.direction),
                                                        MutableRows<T>(task.y),
                                                        width});
  });
}

void vector_message_values(const VectorMessageGradientTask& task) {
  const VectorMessageTask& message = task.message;
  switch_message(message.weight, task.dvalue.cols, [&](auto t, std::int64_t width, auto with) {
    using T = decltype(t);
    for_each_row<T>(task.dvalue.rows, width,
                    ValueGradient<T, decltype(with)::vectors>{
                        Rows<T>(task.dy), message.y_row, message.edge, message.offset, Rows<T>(message.weight),
                        Rows<T>(message.direction), MutableRows<T>(task.dvalue), width});
  });
}

void vector_message_edges(const VectorMessageGradientTask& task) {
  const VectorMessageTask& message = task.message;
  switch_message(message.weight, message.value.cols, [&](auto t, std::int64_t width, auto with) {
    using T = decltype(t);
    const JoinedRows<T> value(message.value, message.more);
    const Rows<T> dy(task.dy);
    for_each_row<T>(
        task.dweight.rows, width,
        WeightGradient<T, decltype(with)::vectors>{value, message.value_row, dy, message.y_row,
                                                   Rows<T>(message.direction), MutableRows<T>(task.dweight), width});
    if (task.ddirection.data)
      for_each_whole_row(task.dweight.rows, width,
                         DirectionGradient<T>{value, message.value_row, dy, message.y_row, Rows<T>(message.weight),
                                              MutableRows<T>(task.ddirection), width});
  });
}

}  // namespace

void register_vector_message(Table& table) {
  table.vector_message = vector_message;
  table.vector_message_values = vector_message_values;
  table.vector_message_edges = vector_message_edges;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
