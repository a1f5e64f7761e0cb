// SPDX-License-Identifier: BSD-3-Clause
// Learning-rate schedules: the rate as a function of the step number alone, so that a restart needs
// no state.
#pragma once

#include <cstdint>
#include <functional>

namespace halograph::optim {

/// The rate of step 1, 2, ...
using Schedule = std::function<double(std::int64_t step)>;

Schedule constant(double rate);

/// rate * step / warmup_steps up to `warmup_steps`, then `after` counted from there on.
Schedule warmup(double rate, std::int64_t warmup_steps, Schedule after);

/// Half a cosine from `rate` at step 1 towards `floor`, reached after `steps` steps and kept.
Schedule cosine_decay(double rate, double floor, std::int64_t steps);

/// rate * factor^((step - 1) / every), integer division.
Schedule step_decay(double rate, double factor, std::int64_t every);

}  // namespace halograph::optim
