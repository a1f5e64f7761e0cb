// SPDX-License-Identifier: BSD-3-Clause
// Blocks of threads with shared memory: how kernels of devices are written. A kernel is a functor that gets a block and
// goes through *phases*: phase(f) calls f(thread) for each thread of the block, and ends with a barrier.
//
//   template <class Block> HALOGRAPH_FN void operator()(Block& block) const {
//     T* tile = block.template shared<T>(0);              // at byte 0 of the block's shared memory
//     PerThread<T, Block> sum;                            // lives through all phases
//     block.phase([&](int thread) { tile[thread] = x[block.index() * Block::threads + thread]; sum[thread] = 0; });
//     for (int k = 0; k < 16; ++k)
//       block.phase([&](int thread) { sum[thread] = sum[thread] + tile[(thread + k) % Block::threads]; });
//   }
//
// Outside phases all threads do the same: what is written there may depend on the block's number, on the functor and on
// shared memory that earlier phases filled, never on a thread. On a GPU phases are the program between two barriers
// and PerThread is registers. The emulation walks the threads one after the other, in an order that the environment can
// change: threads of one phase must not read what others of the same phase write.
//
// The functor travels by value; it has to be trivially copyable and at most 4 KiB.
#pragma once

#include <cstdint>
#include <type_traits>

#include <kernels/launch/qualifiers.hpp>

#if HALOGRAPH_GPU
#include <kernels/launch/gpu.hpp>
#else
#include <kernels/launch/emulated.hpp>
#endif

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Runs body(block) for `blocks` blocks of Threads threads, a power of two, with `shared_bytes` of shared memory each,
/// at most shared_memory_limit(). Enqueued: it returns at once, and what follows on the device sees the results.
template <int Threads, class Body>
void for_each_block(std::int64_t blocks, std::int64_t shared_bytes, const Body& body) {
  static_assert(std::is_trivially_copyable_v<Body> && sizeof(Body) <= 4096,
                "more than the arguments of a launch can hold");
  static_assert((Threads & (Threads - 1)) == 0 && Threads >= 32 && Threads <= 1024);
  if (blocks > 0) launch_blocks<Threads>(blocks, shared_bytes, body);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
