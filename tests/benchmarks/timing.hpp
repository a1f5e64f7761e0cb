// SPDX-License-Identifier: BSD-3-Clause
// Clocks and medians. What is compared is sampled in turns, so that a change of the machine's mood hits all alike;
// medians leave out the samples that somebody else disturbed.
#pragma once

#include <time.h>

#include <algorithm>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph::bench {

inline double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}
inline double wall_seconds() { return seconds_of(CLOCK_MONOTONIC); }
/// Of all threads of this process; stands still while others have the core.
inline double process_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }
inline double thread_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

inline double median(std::vector<double> values) {
  require(!values.empty(), "median of nothing");
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

/// The sum over ranks in rank order. Collective.
inline double sum_over_ranks(const Communicator& comm, double value) {
  double sum = 0;
  for (const double one : comm.all_gather(value)) sum += one;
  return sum;
}

struct Sample {
  double wall = 0;  ///< of the slowest rank
  double cpu = 0;   ///< of all ranks and threads together
};

/// One run of `body`, which all ranks begin together with nothing left to do on the device, and end when it has done
/// its work there. Collective.
template <class Body>
Sample measure(const Communicator& comm, Body&& body) {
  synchronize(Device::preferred());
  comm.barrier();
  const double wall = wall_seconds(), cpu = process_seconds();
  body();
  synchronize(Device::preferred());
  const double cpu_used = process_seconds() - cpu, wall_used = wall_seconds() - wall;
  return {comm.max(wall_used), sum_over_ranks(comm, cpu_used)};
}

struct Samples {
  std::vector<double> wall, cpu;
  void add(const Sample& sample, double share = 1) {
    wall.push_back(sample.wall * share);
    cpu.push_back(sample.cpu * share);
  }
};

}  // namespace halograph::bench
