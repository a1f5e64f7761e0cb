// SPDX-License-Identifier: BSD-3-Clause
#include "train/stop.hpp"

namespace halograph::train {
namespace {

volatile std::sig_atomic_t stop_requested = 0;

extern "C" void halograph_stop(int) { stop_requested = 1; }

}  // namespace

void request_stop() noexcept { stop_requested = 1; }

StopWatch::StopWatch(const Communicator& comm, double seconds, bool listen) : comm_(comm), seconds_(seconds) {
  stop_requested = 0;
  if (!listen) return;
  sigaction(SIGTERM, nullptr, &before_);
  if (before_.sa_handler != SIG_DFL) return;
  struct sigaction ours = {};
  ours.sa_handler = halograph_stop;
  ours.sa_flags = SA_RESTART;
  sigemptyset(&ours.sa_mask);
  listening_ = sigaction(SIGTERM, &ours, nullptr) == 0;
}

StopWatch::~StopWatch() {
  if (listening_) sigaction(SIGTERM, &before_, nullptr);
}

std::optional<Ending> StopWatch::reason() const {
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const int mine = stop_requested ? 2 : (seconds_ > 0 && elapsed >= seconds_ ? 1 : 0);
  const int all = comm_.max(mine);
  if (all == 0) return {};
  return all == 2 ? Ending::signal : Ending::time_limit;
}

}  // namespace halograph::train
