// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/machine.hpp"

#include <algorithm>
#include <barrier>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>

#include "tests/benchmarks/peak_loops.hpp"
#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {
namespace {

/// Runs body(thread) on `count` threads that begin together; returns the seconds until the last one ended.
double on_threads(int count, const std::function<void(int)>& body) {
  std::barrier start(count);
  std::vector<double> begin(static_cast<std::size_t>(count)), end(begin);
  const auto work = [&](int thread) {
    start.arrive_and_wait();
    begin[std::size_t(thread)] = wall_seconds();
    body(thread);
    end[std::size_t(thread)] = wall_seconds();
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < count; ++thread) others.emplace_back(work, thread);
  work(0);
  others.clear();
  return *std::max_element(end.begin(), end.end()) - *std::min_element(begin.begin(), begin.end());
}

using FmaLoop = double (*)(std::int64_t);

/// FLOP/s by the thread's own clock, the best of some tries: others can only make it look slower.
double fma_rate(FmaLoop loop, double seconds, int tries) {
  std::int64_t rounds = 1000;
  const auto timed = [&](double& flops) {
    const double begin = thread_seconds();
    flops = loop(rounds);
    return thread_seconds() - begin;
  };
  double flops = 0, best = 0;
  while (timed(flops) < seconds) rounds *= 2;
  for (int i = 0; i < tries; ++i) {
    const double used = timed(flops);
    best = std::max(best, flops / used);
  }
  return best;
}

double fma_rate_on_threads(FmaLoop loop, int threads, double seconds, int tries) {
  std::vector<double> rate(static_cast<std::size_t>(threads));
  on_threads(threads, [&](int thread) { rate[std::size_t(thread)] = fma_rate(loop, seconds, tries); });
  double sum = 0;
  for (const double one : rate) sum += one;
  return sum;
}

/// The arrays of the triad, each part first touched by the thread that works on it.
class Triad {
 public:
  Triad(const kernels::PeakLoops& loops, std::int64_t array_bytes, int threads)
      : loops_(loops), threads_(threads), part_(array_bytes / 8 / threads), size_(part_ * threads) {
    for (auto& array : arrays_) array.reset(new double[static_cast<std::size_t>(size_)]);
    on_threads(threads, [&](int thread) {
      for (auto& array : arrays_) std::fill_n(array.get() + thread * part_, part_, 1.0);
    });
  }

  /// Bytes that one pass moves.
  double bytes() const { return 4.0 * 8 * double(size_); }
  double pass_seconds() const {
    return on_threads(threads_, [&](int thread) {
      const std::int64_t first = thread * part_;
      loops_.triad(arrays_[0].get() + first, arrays_[1].get() + first, arrays_[2].get() + first, 0.5, part_);
    });
  }

 private:
  const kernels::PeakLoops& loops_;
  int threads_;
  std::int64_t part_, size_;
  std::unique_ptr<double[]> arrays_[3];
};

double triad_rate(const Communicator& comm, const kernels::PeakLoops& loops, std::int64_t array_bytes, int threads,
                  int tries) {
  const Triad triad(loops, array_bytes / comm.size(), threads);
  const double bytes = sum_over_ranks(comm, triad.bytes());
  double best = 0;
  for (int i = 0; i < tries; ++i) {
    comm.barrier();
    best = std::max(best, bytes / comm.max(triad.pass_seconds()));
  }
  return best;
}

/// Of the third level as Linux tells it ("32768K"), for sysconf gets it wrong on some processors.
std::int64_t last_cache_bytes() {
  std::ifstream file("/sys/devices/system/cpu/cpu0/cache/index3/size");
  std::int64_t size = 0;
  char unit = ' ';
  if (file >> size >> unit && (unit == 'K' || unit == 'M')) return size << (unit == 'K' ? 10 : 20);
  return std::int64_t(32) << 20;
}

PingPong ping_pong(const Communicator& comm, std::int64_t bytes, int tries) {
  std::vector<char> message(static_cast<std::size_t>(bytes));
  constexpr int tag = 1;
  const auto send = [&](int to) {
    check_mpi(MPI_Send(message.data(), int(bytes), MPI_CHAR, to, tag, comm.raw()), "MPI_Send");
  };
  const auto receive = [&](int from) {
    check_mpi(MPI_Recv(message.data(), int(bytes), MPI_CHAR, from, tag, comm.raw(), MPI_STATUS_IGNORE), "MPI_Recv");
  };
  std::vector<double> one_way;
  comm.barrier();
  for (int i = 0; i < tries; ++i) {
    const double begin = wall_seconds();
    if (comm.rank() == 0) {
      send(1);
      receive(1);
    } else if (comm.rank() == 1) {
      receive(0);
      send(0);
    }
    one_way.push_back((wall_seconds() - begin) / 2);
  }
  const double seconds = comm.all_gather(median(one_way))[0];
  return {bytes, seconds, double(bytes) / seconds};
}

/// One core while the others wait, then all of them.
void measure_cores(const Communicator& comm, bool quick, Machine& m) {
  const int tries = quick ? 1 : 5;
  const double seconds = quick ? 1e-3 : 2e-2;
  m.array_bytes = quick ? std::int64_t(1) << 20 : std::min(4 * last_cache_bytes(), std::int64_t(1) << 30);
  const kernels::PeakLoops& loops = kernels::peak_loops_of(m.instruction_set);
  if (comm.rank() == 0) {
    m.fma_f32_core = fma_rate(loops.fma_f32, seconds, tries);
    m.fma_f64_core = fma_rate(loops.fma_f64, seconds, tries);
    m.triad_core = triad_rate(Communicator(MPI_COMM_SELF), loops, m.array_bytes, 1, tries);
  }
  m.fma_f32_core = comm.max(m.fma_f32_core);
  m.fma_f64_core = comm.max(m.fma_f64_core);
  m.triad_core = comm.max(m.triad_core);
  m.fma_f32 = sum_over_ranks(comm, fma_rate_on_threads(loops.fma_f32, m.threads, seconds, tries));
  comm.barrier();
  m.fma_f64 = sum_over_ranks(comm, fma_rate_on_threads(loops.fma_f64, m.threads, seconds, tries));
  m.triad = triad_rate(comm, loops, m.array_bytes, m.threads, tries);
}

}  // namespace

Machine measure_machine(const Communicator& comm, bool quick) {
  Machine m;
  m.device = Device::preferred();
  m.description = describe(m.device);
  m.instruction_set = instruction_set();
  m.ranks = comm.size();
  m.threads = threads();
  if (has_own_kernels(m.device)) measure_device(comm, quick, m);
  else measure_cores(comm, quick, m);
  if (comm.size() > 1)
    for (const std::int64_t bytes : {8, 1 << 10, 1 << 16, 1 << 20})
      m.ping_pong.push_back(ping_pong(comm, bytes, quick ? 5 : 200));
  return m;
}

}  // namespace halograph::bench
