// SPDX-License-Identifier: BSD-3-Clause
#include "mpi/waiting.hpp"

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace halograph {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double default_patience = 20;

/// More lines than these ranks write would tell nothing new.
constexpr int loud_ranks = 8;

/// A mistake here is no reason to end a run.
double patience_or_default() {
  try {
    return wait_patience();
  } catch (const Error& error) {
    std::fprintf(stderr, "halograph: warning: %s; %g s it is\n", error.what(), default_patience);
    return default_patience;
  }
}

/// What the process waits in at the moment, and the thread that looks at it.
class Watch {
 public:
  Watch() : patience_(patience_or_default()) {
    if (patience_ == 0) return;
    // Signals are the program's: none of them may end up on this thread.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      thread_ = std::thread([this] { look(); });
    } catch (const std::system_error&) {
      // No thread to be had: nobody looks, and the run goes on.
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  ~Watch() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
    gone = true;
  }

  /// Null at the end of the process, when static objects may still wait.
  static Watch* get() {
    if (gone) return nullptr;
    static Watch watch;
    return &watch;
  }

  void begin(const char* what, int rank, int peer) {
    what_.store(what, std::memory_order_relaxed);
    rank_.store(rank, std::memory_order_relaxed);
    peer_.store(peer, std::memory_order_relaxed);
    now_.store(count_.fetch_add(1, std::memory_order_relaxed) + 1, std::memory_order_release);
  }
  void end() { now_.store(idle, std::memory_order_release); }

 private:
  static constexpr std::int64_t idle = 0;

  void look() {
    const std::chrono::duration<double> period(std::min(patience_ / 10, 1.0));
    std::int64_t seen = idle;
    auto since = Clock::now();
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, period, [this] { return stop_; })) {
      const std::int64_t now = now_.load(std::memory_order_acquire);
      if (now != seen) {
        seen = now;
        since = Clock::now();
      } else if (now != idle && Clock::now() - since >= std::chrono::duration<double>(patience_)) {
        report(now);
      }
    }
  }

  void report(std::int64_t wait) {
    const std::pair<const char*, int> place(what_.load(std::memory_order_relaxed),
                                            peer_.load(std::memory_order_relaxed));
    const int rank = rank_.load(std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_acquire);
    if (now_.load(std::memory_order_relaxed) != wait) return;
    if (std::find(reported_.begin(), reported_.end(), place) != reported_.end()) return;
    reported_.push_back(place);
    const auto& [what, peer] = place;
    const std::string whom = peer == Waiting::everyone ? std::string("other ranks") : cat("rank ", peer);
    std::fprintf(stderr, "halograph: warning: rank %d has waited %g s in %s for %s: do all ranks call it?\n", rank,
                 patience_, what, whom.c_str());
    std::fflush(stderr);
  }

  static inline bool gone = false;
  const double patience_;
  std::atomic<const char*> what_{nullptr};
  std::atomic<int> rank_{0}, peer_{Waiting::everyone};
  std::atomic<std::int64_t> count_{0}, now_{idle};
  std::vector<std::pair<const char*, int>> reported_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

int long_works = 0;

}  // namespace

Waiting::Waiting(const Communicator& comm, const char* what, int peer) {
  int initialized = 0, finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  require(initialized && !finalized, what, " of ", comm.size(), " ranks was asked for ",
          finalized ? "after MPI_Finalize" : "before MPI_Init");
  if (comm.rank() >= loud_ranks || long_works > 0) return;
  if (peer == everyone && comm.size() == 2) peer = 1 - comm.rank();
  if (Watch* watch = Watch::get()) watch->begin(what, comm.rank(), peer);
}

Waiting::~Waiting() {
  if (Watch* watch = Watch::get()) watch->end();
}

LongWork::LongWork() { ++long_works; }
LongWork::~LongWork() { --long_works; }

double wait_patience() {
  const char* wish = std::getenv("HALOGRAPH_WAIT_WARNING");
  if (!wish || !*wish) return default_patience;
  char* end = nullptr;
  const double seconds = std::strtod(wish, &end);
  require<Error>(*end == 0 && seconds >= 0 && seconds <= 1e6, "HALOGRAPH_WAIT_WARNING='", wish,
                 "' is not a number of seconds from 0 (never) to 1e6");
  return seconds;
}

}  // namespace halograph
