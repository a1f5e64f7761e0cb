// SPDX-License-Identifier: BSD-3-Clause
// When a run stops early: a time limit, SIGTERM or request_stop(), agreed on by all ranks after each step.
#pragma once

#include <chrono>
#include <csignal>
#include <optional>

#include <halograph/train/trainer.hpp>

namespace halograph::train {

class StopWatch {
 public:
  /// Listens to SIGTERM while it lives, if `listen` and unless the program has a handler of its own. `seconds` 0: no
  /// limit.
  StopWatch(const Communicator& comm, double seconds, bool listen);
  ~StopWatch();
  StopWatch(const StopWatch&) = delete;
  StopWatch& operator=(const StopWatch&) = delete;

  /// Why the run is to stop, the same on all ranks. A signal goes before the limit. Collective.
  std::optional<Ending> reason() const;

 private:
  Communicator comm_;
  double seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool listening_ = false;
  struct sigaction before_ = {};
};

}  // namespace halograph::train
