// SPDX-License-Identifier: BSD-3-Clause
// What the machine can do at most, measured: the yardstick of everything else. Rates are per second.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/dtype.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph::bench {

/// A message of `bytes` there and back between ranks 0 and 1; half of the way's time.
struct PingPong {
  std::int64_t bytes = 0;
  double latency_seconds = 0;
  double bytes_per_second = 0;
};

/// Whether a device has kernels of its own: a GPU, or its emulation. Others are the host.
inline bool has_own_kernels(Device device) { return device != Device::host() && device != Device::guarded(); }
inline bool is_gpu(Device device) { return device == Device::cuda() || device == Device::hip(); }

struct Machine {
  Device device;            ///< that kernels run on
  std::string description;  ///< of the device, for people
  std::string instruction_set;
  int ranks = 1, threads = 1;    ///< cores in use: ranks * threads
  std::int64_t array_bytes = 0;  ///< of each array of the triad, all ranks together
  /// FMA and triad of a device are those of its own kernels, all ranks at once, and nothing is of one core.
  double fma_f32_core = 0, fma_f64_core = 0;  ///< FLOP/s of one core alone, a fused multiply-add being two
  double fma_f32 = 0, fma_f64 = 0;            ///< of all cores in use at once
  /// a = b + s c on arrays much larger than the last cache, ordinary stores: bytes/s that move, the line of `a` that is
  /// read before it is written counted (four words an element). STREAM counts three words: 3/4 of these. On a device:
  /// the better of a copy and a sum of two arrays, what is read and what is written.
  double triad_core = 0, triad = 0;
  std::vector<PingPong> ping_pong;  ///< empty on one rank

  int cores() const { return ranks * threads; }
  double fma(DType dtype) const { return dtype == DType::f32 ? fma_f32 : fma_f64; }
};

/// The time that a machine at its best would need: the larger of arithmetic and traffic.
struct Bound {
  double arithmetic_seconds = 0, memory_seconds = 0;
  double seconds() const { return arithmetic_seconds > memory_seconds ? arithmetic_seconds : memory_seconds; }
  const char* name() const { return arithmetic_seconds > memory_seconds ? "fma" : "memory"; }
};
inline Bound bound_of(const Machine& machine, DType dtype, double flops, double bytes) {
  return {flops / machine.fma(dtype), bytes / machine.triad};
}

/// Of the preferred device. Takes about two seconds; `quick` takes less and measures the cache in place of the memory.
/// Collective.
Machine measure_machine(const Communicator& comm, bool quick);

/// The part of it that is about a device with kernels of its own. Collective.
void measure_device(const Communicator& comm, bool quick, Machine& machine);

}  // namespace halograph::bench
