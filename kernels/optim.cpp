// SPDX-License-Identifier: BSD-3-Clause
// Parameter updates, all parameters in one launch (in a few, if there are very many), one element at a time. The
// formulas follow torch.optim.
#include <kernels/launch/launch.hpp>
#include <kernels/launch/math_support.hpp>
#include <kernels/register.hpp>
#include <kernels/row_reduce.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Parameters as rows of one launch.
template <class T>
struct Parameters {
  T* value[RaggedRows::capacity];
  T* first[RaggedRows::capacity];
  T* second[RaggedRows::capacity];
  const T* gradient[RaggedRows::capacity];
};

/// Calls launch(rows, parameters) for as many parameters as a launch takes, until all are done.
template <class T, class Launch>
void for_each_batch(const ParameterList& list, std::int64_t lane_width, const Launch& launch) {
  for (std::int64_t begin = 0; begin < list.count; begin += RaggedRows::capacity) {
    RaggedRows rows;
    Parameters<T> parameters{};
    for (std::int64_t i = begin; i < list.count && rows.count < RaggedRows::capacity; ++i) {
      const ParameterSegment& segment = list.segment[i];
      parameters.value[rows.count] = static_cast<T*>(segment.value);
      parameters.first[rows.count] = static_cast<T*>(segment.first);
      parameters.second[rows.count] = static_cast<T*>(segment.second);
      parameters.gradient[rows.count] = static_cast<const T*>(segment.gradient);
      rows.append(segment.size, lane_width);
    }
    launch(rows, parameters);
  }
}

// What decays towards 0 is 0 before it is denormal: moments and velocities without gradients, parameters that weight
// decay shrinks. The bounds lie so far above that no step on the way is denormal either, and so low that they move no
// parameter: Adam divides by epsilon, 1e-8 by default, where the root of a second moment is smaller.
template <class T>
inline constexpr T least_gradient = sizeof(T) == 4 ? T(0x1p-50f) : T(0x1p-498);  // of Adam, which squares it
template <class T>
inline constexpr T least_moment = sizeof(T) == 4 ? T(0x1p-120f) : T(0x1p-1016);
template <class T>
inline constexpr T least_parameter = sizeof(T) == 4 ? T(0x1p-100f) : T(0x1p-996);

template <class T>
struct Adam {
  Parameters<T> at_row;
  T shrink, decay, beta1, one_minus_beta1, beta2, one_minus_beta2, step_size, root_correction2, epsilon;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    T* const value = at_row.value[row] + at.column;
    T* const first = at_row.first[row] + at.column;
    T* const second = at_row.second[row] + at.column;
    P p = load<W>(value);
    const P g = zero_below(least_gradient<T>, fma(P(decay), p, load<W>(at_row.gradient[row] + at.column)));
    p = p * P(shrink);
    P m = load<W>(first), v = load<W>(second);
    m = zero_below(least_parameter<T>, fma(g - m, P(one_minus_beta1), m));
    v = zero_below(least_moment<T>, fma(g * g, P(one_minus_beta2), v * P(beta2)));
    const P denominator = sqrt(v) / P(root_correction2) + P(epsilon);
    p = p - P(step_size) * (m / denominator);
    store(value, zero_below(least_parameter<T>, p));
    store(first, m);
    store(second, v);
  }
};

template <class T>
struct Momentum {
  Parameters<T> at_row;
  T rate, momentum, decay;
  bool nesterov;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    using P = Pack<T, W>;
    T* const value = at_row.value[row] + at.column;
    const P p = load<W>(value);
    const P g = zero_below(least_parameter<T>, fma(P(decay), p, load<W>(at_row.gradient[row] + at.column)));
    P step = g;
    if (at_row.first[row]) {
      T* const velocity = at_row.first[row] + at.column;
      const P v = zero_below(least_parameter<T>, fma(load<W>(velocity), P(momentum), g));
      store(velocity, v);
      step = nesterov ? fma(v, P(momentum), g) : v;
    }
    store(value, zero_below(least_parameter<T>, p - P(rate) * step));
  }
};

template <class T>
struct Square {
  const T* x;
  template <int W>
  HALOGRAPH_FN Pack<double, W> operator()(std::int64_t column) const {
    double wide[W];
    for (int i = 0; i < W; ++i) wide[i] = double(x[column + i]);
    return squared(load<W>(wide));
  }
};

/// The rows' lanes are blocks of square_sum_elements.
template <class T>
struct SquareSums {
  RaggedRows rows;
  Parameters<T> at_row;
  double* sum;
  HALOGRAPH_FN void operator()(std::int64_t block) const {
    const int row = rows.row_of(block);
    const std::int64_t begin = (block - rows.first_lane[row]) * square_sum_elements;
    const std::int64_t left = rows.cols[row] - begin;
    sum[block] = sum_over_columns<double>(left < square_sum_elements ? left : square_sum_elements,
                                          Square<T>{at_row.gradient[row] + begin});
  }
};

void adam(const AdamTask& task) {
  switch_type(task.parameters.type, [&](auto t) {
    using T = decltype(t);
    const double root = __builtin_sqrt(task.correction2);
    for_each_batch<T>(task.parameters, native_width<T>, [&](const RaggedRows& rows, const Parameters<T>& parameters) {
      for_each_ragged_row<T>(rows, Adam<T>{parameters, T(1 - task.rate * task.decoupled_decay), T(task.l2_decay),
                                           T(task.beta1), T(1 - task.beta1), T(task.beta2), T(1 - task.beta2),
                                           T(task.rate / task.correction1), T(root), T(task.epsilon)});
    });
  });
}

void momentum(const MomentumTask& task) {
  switch_type(task.parameters.type, [&](auto t) {
    using T = decltype(t);
    for_each_batch<T>(task.parameters, native_width<T>, [&](const RaggedRows& rows, const Parameters<T>& parameters) {
      for_each_ragged_row<T>(rows,
                             Momentum<T>{parameters, T(task.rate), T(task.momentum), T(task.decay), task.nesterov});
    });
  });
}

void square_sums(ParameterList list, Out sums) {
  switch_type(list.type, [&](auto t) {
    using T = decltype(t);
    double* next = static_cast<double*>(sums.data);
    for_each_batch<T>(list, square_sum_elements, [&](const RaggedRows& rows, const Parameters<T>& parameters) {
      for_each_whole_row(rows.lanes(), square_sum_elements, SquareSums<T>{rows, parameters, next});
      next += rows.lanes();
    });
  });
}

}  // namespace

void register_optim(Table& table) {
  table.adam = adam;
  table.momentum = momentum;
  table.square_sums = square_sums;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
