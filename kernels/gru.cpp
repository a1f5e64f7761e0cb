// SPDX-License-Identifier: BSD-3-Clause
// The gates of a gated recurrent unit in one pass over the rows, forward and backward. The order of arithmetic is that
// of the single operations (src/ops/gru.cpp), so results are the same bits.
#include <kernels/functions.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// What both directions make of a row's columns at one place of each gate.
template <class T, int W>
struct Gates {
  Pack<T, W> r, z, n, hidden_n, state;
  HALOGRAPH_FN Gates(const T* input, const T* hidden, const T* h, std::int64_t cols)
      : r(evaluate<Unary::sigmoid>(load<W>(input) + load<W>(hidden))),
        z(evaluate<Unary::sigmoid>(load<W>(input + cols) + load<W>(hidden + cols))),
        n(T(0)),
        hidden_n(load<W>(hidden + 2 * cols)),
        state(load<W>(h)) {
    n = evaluate<Unary::tanh>(load<W>(input + 2 * cols) + r * hidden_n);
  }
};

template <class T>
struct Gru {
  Rows<T> input, hidden, state;
  std::int64_t cols;
  MutableRows<T> y;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const Gates<T, W> g(input[row] + at.column, hidden[row] + at.column, state[row] + at.column, cols);
    store(y[row] + at.column, g.n + g.z * (g.state - g.n));
  }
};

template <class T>
struct GruGradient {
  Rows<T> input, hidden, state, dy;
  std::int64_t cols;
  MutableRows<T> d_input, d_hidden, d_state;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const Gates<T, W> g(input[row] + at.column, hidden[row] + at.column, state[row] + at.column, cols);
    const Pack<T, W> d = load<W>(dy[row] + at.column), kept = d * g.z;
    const Pack<T, W> of_n = (d - kept) * evaluate<Unary::tanh_slope>(g.n);
    const Pack<T, W> of_r = of_n * g.hidden_n * evaluate<Unary::sigmoid_slope>(g.r);
    const Pack<T, W> of_z = d * (g.state - g.n) * evaluate<Unary::sigmoid_slope>(g.z);
    T* const to_input = d_input[row] + at.column;
    T* const to_hidden = d_hidden[row] + at.column;
    store(to_input, of_r);
    store(to_hidden, of_r);
    store(to_input + cols, of_z);
    store(to_hidden + cols, of_z);
    store(to_input + 2 * cols, of_n);
    store(to_hidden + 2 * cols, of_n * g.r);
    store(d_state[row] + at.column, kept);
  }
};

void gru(In input, In hidden, In state, Out y) {
  switch_type(y.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(y.rows, y.cols, Gru<T>{Rows<T>(input), Rows<T>(hidden), Rows<T>(state), y.cols, MutableRows<T>(y)});
  });
}

void gru_gradient(const GruGradientTask& task) {
  switch_type(task.dy.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(
        task.dy.rows, task.dy.cols,
        GruGradient<T>{Rows<T>(task.input), Rows<T>(task.hidden), Rows<T>(task.state), Rows<T>(task.dy), task.dy.cols,
                       MutableRows<T>(task.d_input), MutableRows<T>(task.d_hidden), MutableRows<T>(task.d_state)});
  });
}

}  // namespace

void register_gru(Table& table) {
  table.gru = gru;
  table.gru_gradient = gru_gradient;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
