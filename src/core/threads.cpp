// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/threads.hpp>

#include <sched.h>

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

/// Workers that sleep between kernels. The thread that calls run() works too. Thread i of n begins with the i-th of n
/// equal parts of the tasks and then helps the others, so that in most kernels the same thread has the same rows and
/// their memory is near it.
class ThreadPool {
 public:
  explicit ThreadPool(int count) : parts_(std::size_t(count)) {
    for (int i = 1; i < count; ++i) workers_.emplace_back([this, i] { work(i); });
  }
  ~ThreadPool() {
    {
      std::lock_guard lock(mutex_);
      stop_ = true;
      round_.fetch_add(1, std::memory_order_relaxed);
    }
    wake_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }
  int size() const { return int(parts_.size()); }

  void run(std::int64_t n_tasks, void (*run)(void*, std::int64_t), void* context) {
    if (workers_.empty() || n_tasks < 2) {
      for (std::int64_t task = 0; task < n_tasks; ++task) run(context, task);
      return;
    }
    {
      std::lock_guard lock(mutex_);
      run_ = run;
      context_ = context;
      for (std::int64_t i = 0, n = size(); i < n; ++i) {
        parts_[std::size_t(i)].next.store(n_tasks * i / n, std::memory_order_relaxed);
        parts_[std::size_t(i)].end = n_tasks * (i + 1) / n;
      }
      busy_.store(size() - 1, std::memory_order_relaxed);
      round_.fetch_add(1, std::memory_order_relaxed);
    }
    wake_.notify_all();
    match_scratch();
    drain(0);
    linger([this] { return busy_.load(std::memory_order_relaxed) > 0; });
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return busy_.load(std::memory_order_relaxed) == 0; });
  }

 private:
  struct alignas(64) Part {
    std::atomic<std::int64_t> next{0};
    std::int64_t end = 0;
  };

  void drain(int first) {
    for (int i = 0; i < size(); ++i) {
      Part& part = parts_[std::size_t((first + i) % size())];
      for (std::int64_t task; (task = part.next.fetch_add(1, std::memory_order_relaxed)) < part.end;)
        run_(context_, task);
    }
  }

  /// Waits a moment in the hope of not having to sleep, which costs more than many a kernel: the next one is often
  /// microseconds away. It yields, so that whoever else wants the core gets it.
  template <class Waits>
  static void linger(Waits&& waits) {
    for (int i = 0; i < yields && waits(); ++i) std::this_thread::yield();
  }

  void work(int index) {
    std::int64_t seen = 0;
    for (;;) {
      linger([&] { return round_.load(std::memory_order_relaxed) == seen; });
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [&] { return stop_ || round_.load(std::memory_order_relaxed) != seen; });
      if (stop_) return;
      seen = round_.load(std::memory_order_relaxed);
      lock.unlock();
      match_scratch();
      drain(index);
      lock.lock();
      if (busy_.fetch_sub(1, std::memory_order_relaxed) == 1) done_.notify_one();
    }
  }

  static constexpr int yields = 50;  // some ten microseconds

  std::vector<Part> parts_;
  std::vector<std::thread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::atomic<std::int64_t> round_{0};
  std::atomic<int> busy_{0};
  void (*run_)(void*, std::int64_t) = nullptr;
  void* context_ = nullptr;
  bool stop_ = false;
};

int wished_threads() {
  const char* wish = std::getenv("HALOGRAPH_THREADS");
  if (!wish || !*wish) return 1;
  char* end = nullptr;
  const long count = std::strtol(wish, &end, 10);
  require<Error>(*end == 0 && count >= 1 && count <= 1024, "HALOGRAPH_THREADS='", wish,
                 "' is not a number from 1 to 1024");
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

int available_cores() {
  // The set has to be as large as the system's, which only a call tells.
  for (int cores = 1024; cores <= 1 << 20; cores *= 2) {
    const std::size_t bytes = CPU_ALLOC_SIZE(cores);
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(cores), [](cpu_set_t* it) { CPU_FREE(it); });
    if (sched_getaffinity(0, bytes, set.get()) == 0) return CPU_COUNT_S(bytes, set.get());
  }
  return int(std::thread::hardware_concurrency());
}

void run_tasks(std::int64_t n_tasks, void (*run)(void*, std::int64_t), void* context) {
  pool()->run(n_tasks, run, context);
}

}  // namespace halograph
