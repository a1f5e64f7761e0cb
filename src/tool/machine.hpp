// SPDX-License-Identifier: BSD-3-Clause
// What the machine at hand can do, measured in seconds: a link between two ranks, and training steps of a network on
// a small box.
#pragma once

#include <cstdint>
#include <optional>

#include <halograph/mpi/communicator.hpp>
#include <halograph/train/config.hpp>

namespace halograph::tool {

/// A message of b bytes takes latency + b / bandwidth.
struct Link {
  double latency = 0, bandwidth = 0;  ///< seconds, bytes a second
};

/// Between ranks 0 and 1: half of the shortest round trips. Nothing with one rank. Collective.
std::optional<Link> measure_link(const Communicator& comm);

/// What one step of training costs.
struct StepSample {
  std::int64_t nodes = 0, parameters = 0;
  double seconds = 0;  ///< the fastest step of the slowest rank, without waiting for a core
  double bytes = 0;    ///< of tensors, topology and message buffers, at most during a step
  std::int64_t exchanges = 0, sums = 0;
};

/// Trains on a periodic box of `elements` cubed elements, whole on each rank, all ranks at the same time: two steps to
/// warm up and `steps` that count. Collective.
StepSample measure_steps(const Communicator& comm, const train::Config& config, std::int64_t elements, int order,
                         int steps);

}  // namespace halograph::tool
