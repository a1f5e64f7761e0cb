// SPDX-License-Identifier: BSD-3-Clause
// CUDA's and HIP's run-time interfaces under one name: GPU(Malloc) is cudaMalloc or hipMalloc.
#pragma once

#include <cstdint>

#include <kernels/launch/qualifiers.hpp>

#if defined(__HIPCC__)
#define GPU(name) hip##name
#else
#define GPU(name) cuda##name
#endif

// Both compilers read a file twice, for the host and for the device.
#if defined(__CUDA_ARCH__) || defined(__HIP_DEVICE_COMPILE__)
#define HALOGRAPH_DEVICE_CODE 1
#else
#define HALOGRAPH_DEVICE_CODE 0
#endif

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Throws DeviceError naming device, doing and reason unless `result` is success.
void check(GPU(Error_t) result, const char* doing);

/// Everything the library does on the device is in the order of this stream.
GPU(Stream_t) stream();

/// Bytes of shared memory that a block may have.
std::int64_t shared_memory_limit();

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
