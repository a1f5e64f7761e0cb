// SPDX-License-Identifier: BSD-3-Clause
// Kernels that show what a device can do at most, compiled for each back end from one source with the flags of the
// library's own, so that these are compared with what their compiler and their device allow. All are enqueued.
#pragma once

#include <cstdint>

#include <halograph/core/device.hpp>

namespace halograph::kernels {

struct DevicePeak {
  /// Fused multiply-adds on registers alone, in `blocks` blocks. Each thread leaves a number in `out`, which has
  /// `threads_of_peak` a block. Returns the floating-point operations that it will have been.
  double (*fma_f32)(void* out, std::int64_t blocks, std::int64_t rounds);
  double (*fma_f64)(void* out, std::int64_t blocks, std::int64_t rounds);
  /// to = from, and to = a + b, of n floats at multiples of 16 bytes; n is a multiple of floats_of_block.
  void (*copy)(float* to, const float* from, std::int64_t n);
  void (*add)(float* to, const float* a, const float* b, std::int64_t n);
};

inline constexpr int threads_of_peak = 256;
inline constexpr std::int64_t floats_of_block = threads_of_peak * 4 * 4;  ///< four lots of four for each thread

/// Those of a device with kernels of its own. Throws DeviceError for any other.
const DevicePeak& device_peak_of(Device device);

}  // namespace halograph::kernels
