// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/threads.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <halograph/core/error.hpp>
#include <kernels/launch/tasks.hpp>

#include "core/scratch.hpp"

namespace halograph {
namespace {

/// Workers that sleep between kernels. The thread that calls run() works too.
class ThreadPool {
 public:
  explicit ThreadPool(int count) {
    for (int i = 1; i < count; ++i) workers_.emplace_back([this] { work(); });
  }
  ~ThreadPool() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }
  int size() const { return int(workers_.size()) + 1; }

  void run(std::int64_t n_tasks, void (*run)(void*, std::int64_t), void* context) {
    if (workers_.empty() || n_tasks < 2) {
      for (std::int64_t task = 0; task < n_tasks; ++task) run(context, task);
      return;
    }
    {
      std::lock_guard lock(mutex_);
      run_ = run;
      context_ = context;
      n_tasks_ = n_tasks;
      next_.store(0, std::memory_order_relaxed);
      busy_ = int(workers_.size());
      ++round_;
    }
    wake_.notify_all();
    match_scratch();
    drain();
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void drain() {
    for (std::int64_t task; (task = next_.fetch_add(1, std::memory_order_relaxed)) < n_tasks_;) run_(context_, task);
  }
  void work() {
    std::int64_t seen = 0;
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return stop_ || round_ != seen; });
      if (stop_) return;
      seen = round_;
      lock.unlock();
      match_scratch();
      drain();
      lock.lock();
      if (--busy_ == 0) done_.notify_one();
    }
  }

  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::atomic<std::int64_t> next_{0};
  std::int64_t n_tasks_ = 0, round_ = 0;
  void (*run_)(void*, std::int64_t) = nullptr;
  void* context_ = nullptr;
  int busy_ = 0;
  bool stop_ = false;
};

int wished_threads() {
  const char* wish = std::getenv("HALOGRAPH_THREADS");
  if (!wish || !*wish) return 1;
  char* end = nullptr;
  const long count = std::strtol(wish, &end, 10);
  require(*end == 0 && count >= 1 && count <= 1024, "HALOGRAPH_THREADS='", wish, "' is not a number from 1 to 1024");
  return int(count);
}

std::unique_ptr<ThreadPool>& pool() {
  static auto it = std::make_unique<ThreadPool>(wished_threads());
  return it;
}

}  // namespace

int threads() { return pool()->size(); }

void set_threads(int count) {
  require(count >= 1 && count <= 1024, "threads: ", count, " is not in 1..1024");
  if (count != threads()) pool() = std::make_unique<ThreadPool>(count);
}

void run_tasks(std::int64_t n_tasks, void (*run)(void*, std::int64_t), void* context) {
  pool()->run(n_tasks, run, context);
}

}  // namespace halograph
