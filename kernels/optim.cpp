// SPDX-License-Identifier: BSD-3-Clause
// Parameter updates, one element at a time. The formulas follow torch.optim.
#include <kernels/launch/launch.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
struct Adam {
  MutableRows<T> value, first, second;
  Rows<T> gradient;
  T shrink, decay, beta1, one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction2, epsilon;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    P p = load<W>(value[row] + at.column);
    const P g = fma(P(decay), p, load<W>(gradient[row] + at.column));
    p = p * P(shrink);
    P m = load<W>(first[row] + at.column), v = load<W>(second[row] + at.column);
    m = fma(g - m, P(one_minus_beta1), m);
    v = fma(g * g, P(one_minus_beta2), v * P(beta2));
    const P denominator = sqrt(v) / P(root_correction2) + P(epsilon);
    p = p - P(step_size) * (m / denominator);
    store(value[row] + at.column, p);
    store(first[row] + at.column, m);
    store(second[row] + at.column, v);
  }
};

template <class T>
struct Momentum {
  MutableRows<T> value, velocity;
  Rows<T> gradient;
  T rate, momentum, decay;
  bool has_velocity, nesterov;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    const P p = load<W>(value[row] + at.column);
    const P g = fma(P(decay), p, load<W>(gradient[row] + at.column));
    P step = g;
    if (has_velocity) {
      const P v = fma(load<W>(velocity[row] + at.column), P(momentum), g);
      store(velocity[row] + at.column, v);
      step = nesterov ? fma(v, P(momentum), g) : v;
    }
    store(value[row] + at.column, p - P(rate) * step);
  }
};

void adam(const AdamTask& task) {
  switch_type(task.value.type, [&](auto t) {
    using T = decltype(t);
    const double root = __builtin_sqrt(task.correction2);
    for_each_row<T>(task.value.rows, task.value.cols,
                    Adam<T>{MutableRows<T>(task.value), MutableRows<T>(task.first), MutableRows<T>(task.second),
                            Rows<T>(task.gradient), T(1 - task.rate * task.decoupled_decay), T(task.l2_decay), T(task.beta1),
                            T(1 - task.beta1), T(task.beta2), T(1 - task.beta2), T(task.rate / task.correction1), T(root),
                            T(task.epsilon)});
  });
}

void momentum(const MomentumTask& task) {
  switch_type(task.value.type, [&](auto t) {
    using T = decltype(t);
    for_each_row<T>(task.value.rows, task.value.cols,
                    Momentum<T>{MutableRows<T>(task.value), MutableRows<T>(task.velocity), Rows<T>(task.gradient),
                                T(task.rate), T(task.momentum), T(task.decay), task.velocity.data != nullptr,
                                task.nesterov});
  });
}

}  // namespace

void register_optim(Table& table) {
  table.adam = adam;
  table.momentum = momentum;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
