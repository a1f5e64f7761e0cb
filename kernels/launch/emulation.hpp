// SPDX-License-Identifier: BSD-3-Clause
// The seam between emulated kernels and the queue of src/core/emulation.cpp: plain functions only, as in tasks.hpp.
#pragma once

#include <cstdint>

namespace halograph {

/// Shared memory of an emulated block: that of the smallest GPU.
inline constexpr std::int64_t emulated_shared_bytes = 64 * 1024;

/// Enqueues run(body, index, shared, order) for index in [0, blocks), each with `shared_bytes` of shared memory. The
/// body's bytes are copied: as on a GPU, the caller's may be gone when the work is done. order: 0 ascending, 1
/// descending, 2 mixed.
void emulate_blocks(void (*run)(const void* body, std::int64_t index, unsigned char* shared, int order),
                    const void* body, std::int64_t body_bytes, std::int64_t blocks, std::int64_t shared_bytes);

}  // namespace halograph
