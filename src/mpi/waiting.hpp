// SPDX-License-Identifier: BSD-3-Clause
// All waiting for other ranks goes through here, so that a rank for which the others do not come says so. A call that
// waits is wrapped in a Waiting; a thread that does nothing else looks now and then whether the same one is still
// there. The call itself stays what it is: the cost is a few stores.
#pragma once

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Says what this rank waits for, as long as it lives. A wait longer than the environment's HALOGRAPH_WAIT_WARNING
/// (seconds; 20 if not set; 0: never) is reported on standard error, once for each `what` and peer, by the first eight
/// ranks of `comm`.
class Waiting {
 public:
  static constexpr int everyone = -1;

  /// `what` is a string literal, `peer` the rank of `comm` that has to come. Throws UsageError where MPI is not up: a
  /// call would end the process. Not collective.
  Waiting(const Communicator& comm, const char* what, int peer = everyone);
  ~Waiting();
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
};

/// Mutes the reports while one rank works for all, which may take long and is no mistake.
class LongWork {
 public:
  LongWork();
  ~LongWork();
  LongWork(const LongWork&) = delete;
  LongWork& operator=(const LongWork&) = delete;
};

/// Seconds after which a wait is reported. Throws Error naming HALOGRAPH_WAIT_WARNING where it is no number of seconds.
double wait_patience();

}  // namespace halograph
