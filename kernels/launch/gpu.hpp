// SPDX-License-Identifier: BSD-3-Clause
// Blocks of threads on a GPU, for nvcc and hipcc.
#pragma once

#include <cstdint>

#include <kernels/launch/gpu_api.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// What a kernel sees of its block, in the role of one of its threads.
template <int Threads>
class Block {
 public:
  static constexpr int threads = Threads;

  HALOGRAPH_FN std::int64_t index() const {
#if HALOGRAPH_DEVICE_CODE
    return blockIdx.x;
#else
    return 0;
#endif
  }

  template <class T>
  HALOGRAPH_FN T* shared(int byte) const {
#if HALOGRAPH_DEVICE_CODE
    extern __shared__ __align__(16) unsigned char block_memory[];
    return reinterpret_cast<T*>(block_memory + byte);
#else
    (void)byte;
    return nullptr;
#endif
  }

  template <class F>
  HALOGRAPH_FN void phase(const F& f) const {
#if HALOGRAPH_DEVICE_CODE
    f(int(threadIdx.x));
    __syncthreads();
#else
    (void)f;
#endif
  }
};

/// A value of each thread: registers.
template <class S, class Block>
class PerThread {
 public:
  HALOGRAPH_FN S& operator[](int) { return value_; }

 private:
  S value_;
};

/// Blocks that a multiprocessor should have room for at a time: what a body names blocks_beside, or one. More of them
/// leave fewer registers to each thread.
template <class Body>
inline constexpr int blocks_beside = 1;
template <class Body>
requires requires { Body::blocks_beside; }
inline constexpr int blocks_beside<Body> = Body::blocks_beside;

template <int Threads, class Body>
__global__ void __launch_bounds__(Threads, blocks_beside<Body>) block_kernel(Body body) {
  Block<Threads> block;
  body(block);
}

template <int Threads, class Body>
void launch_blocks(std::int64_t blocks, std::int64_t shared_bytes, const Body& body) {
  // Beyond this the program has to ask for it.
  constexpr std::int64_t granted = 48 * 1024;
  if (shared_bytes > granted)
    check(GPU(FuncSetAttribute)(reinterpret_cast<const void*>(&block_kernel<Threads, Body>),
                                GPU(FuncAttributeMaxDynamicSharedMemorySize), int(shared_bytes)),
          "shared memory of a kernel");
  block_kernel<Threads, Body><<<unsigned(blocks), Threads, std::size_t(shared_bytes), stream()>>>(body);
  check(GPU(GetLastError)(), "launch of a kernel");
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
