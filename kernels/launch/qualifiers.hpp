// SPDX-License-Identifier: BSD-3-Clause
// What differs between compilers, in one place. The kernels are compiled once per back end
// (portable, avx2, avx512 by the host compiler; cuda by nvcc; hip by hipcc; emulated, which runs the
// kernels of devices on the host, by the host compiler again); HALOGRAPH_BACKEND is the name of the
// namespace they land in, so that objects built for different instruction sets never share an inline
// function.
#pragma once

#ifndef HALOGRAPH_BACKEND
#define HALOGRAPH_BACKEND portable
#endif

#if defined(__HIPCC__)
#include <hip/hip_runtime.h>
#endif

#if defined(__CUDACC__) || defined(__HIPCC__)
#define HALOGRAPH_GPU 1
#define HALOGRAPH_FN __host__ __device__ __forceinline__
#else
#define HALOGRAPH_GPU 0
#define HALOGRAPH_FN inline __attribute__((always_inline))
#endif

// Kernels laid out on blocks of threads, on a device or in its emulation.
#ifndef HALOGRAPH_EMULATED
#define HALOGRAPH_EMULATED 0
#endif
#define HALOGRAPH_ON_BLOCKS (HALOGRAPH_GPU || HALOGRAPH_EMULATED)
