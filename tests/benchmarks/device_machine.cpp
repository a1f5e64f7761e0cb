// SPDX-License-Identifier: BSD-3-Clause
// What a device can do at most: fused multiply-adds on registers, and arrays far larger than its caches.
#include <algorithm>

#include "tests/benchmarks/device_peak.hpp"
#include "tests/benchmarks/machine.hpp"
#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {
namespace {

using FmaKernel = double (*)(void*, std::int64_t, std::int64_t);

/// FLOP/s of all ranks at once, which may share a device: the best of some launches of at least `seconds`.
double fma_rate(const Communicator& comm, FmaKernel kernel, Device device, std::int64_t blocks, double seconds,
                int tries) {
  const Buffer out(blocks * kernels::threads_of_peak * std::int64_t(sizeof(double)), device);
  std::int64_t rounds = 1;
  double flops = 0;
  const auto timed = [&] { return measure(comm, [&] { flops = kernel(out.data(), blocks, rounds); }).wall; };
  while (timed() < seconds) rounds *= 2;
  double best = 0;
  for (int i = 0; i < tries; ++i) {
    const double wall = timed();
    best = std::max(best, sum_over_ranks(comm, flops) / wall);
  }
  return best;
}

/// Bytes/s that copies read and write, or sums of two arrays, whichever is better. Some in a row: the host takes its
/// time to wake up when the device is done.
double bandwidth(const Communicator& comm, const kernels::DevicePeak& peak, Device device, std::int64_t bytes,
                 int tries) {
  constexpr int in_a_row = 16;
  const Buffer a(bytes, device), b(bytes, device), c(bytes, device);
  const auto floats = [](const Buffer& buffer) { return static_cast<float*>(buffer.data()); };
  const std::int64_t n = bytes / std::int64_t(sizeof(float));
  const double all = in_a_row * sum_over_ranks(comm, double(bytes));
  peak.copy(floats(a), floats(c), n);  // the first touch of each
  peak.copy(floats(b), floats(a), n);
  const auto timed = [&](auto&& launch) {
    return measure(comm,
                   [&] {
                     for (int i = 0; i < in_a_row; ++i) launch();
                   })
        .wall;
  };
  double best = 0;
  for (int i = 0; i < tries; ++i) {
    const double copy = timed([&] { peak.copy(floats(c), floats(a), n); });
    const double add = timed([&] { peak.add(floats(c), floats(a), floats(b), n); });
    best = std::max({best, 2 * all / copy, 3 * all / add});
  }
  return best;
}

}  // namespace

void measure_device(const Communicator& comm, bool quick, Machine& m) {
  const kernels::DevicePeak& peak = kernels::device_peak_of(m.device);
  const bool gpu = is_gpu(m.device);
  // So many blocks that the last ones, which leave part of a GPU idle, are few among them.
  const std::int64_t blocks = gpu ? std::int64_t(1) << 16 : 16;
  const int tries = quick ? 1 : 5;
  const double seconds = quick ? 1e-3 : 2e-2;
  m.fma_f32 = fma_rate(comm, peak.fma_f32, m.device, blocks, seconds, tries);
  m.fma_f64 = fma_rate(comm, peak.fma_f64, m.device, blocks, seconds, tries);
  const std::int64_t array_bytes = quick ? std::int64_t(1) << 20 : gpu ? std::int64_t(1) << 30 : std::int64_t(1) << 24;
  constexpr std::int64_t block_bytes = kernels::floats_of_block * std::int64_t(sizeof(float));
  const std::int64_t mine = std::max<std::int64_t>(1, array_bytes / comm.size() / block_bytes) * block_bytes;
  m.array_bytes = mine * comm.size();
  m.triad = bandwidth(comm, peak, m.device, mine, tries);
  release_cached_memory();  // nobody wants blocks of this size again
}

}  // namespace halograph::bench
