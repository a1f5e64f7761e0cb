// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/optim/schedule.hpp>

#include <algorithm>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::optim {
namespace {

constexpr double pi = 3.141592653589793;

/// Our own cosine: one of a math library could differ between machines.
double cosine(double x) {
  const autograd::RecordingScope off(false);
  return ops::cosine(Tensor::full(1, 1, x, DType::f64)).item();
}

}  // namespace

Schedule constant(double rate) {
  return [rate](std::int64_t) { return rate; };
}

Schedule warmup(double rate, std::int64_t warmup_steps, Schedule after) {
  require(warmup_steps >= 0, "schedule: warm-up of ", warmup_steps, " steps");
  return [rate, warmup_steps, after = std::move(after)](std::int64_t step) {
    return step <= warmup_steps ? rate * (double(step) / double(warmup_steps)) : after(step - warmup_steps);
  };
}

Schedule cosine_decay(double rate, double floor, std::int64_t steps) {
  require(steps > 0, "schedule: cosine decay over ", steps, " steps");
  return [rate, floor, steps](std::int64_t step) {
    const double t = double(std::min(step - 1, steps)) / double(steps);
    return floor + (rate - floor) * 0.5 * (1 + cosine(pi * t));
  };
}

Schedule step_decay(double rate, double factor, std::int64_t every) {
  require(every > 0, "schedule: step decay every ", every, " steps");
  return [rate, factor, every](std::int64_t step) {
    double value = rate;
    for (std::int64_t i = (step - 1) / every; i > 0 && value != 0; --i) value *= factor;
    return value;
  };
}

}  // namespace halograph::optim
