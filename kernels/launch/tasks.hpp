// SPDX-License-Identifier: BSD-3-Clause
// The seam between kernels and the thread pool of src/core/threads.cpp: plain functions only, so
// that objects built for different instruction sets share no inline code.
#pragma once

#include <cstdint>

namespace halograph {

/// Calls run(context, task) once for each task in [0, n_tasks), on the pool's threads in any
/// order; returns when all are done. `run` must not throw.
void run_tasks(std::int64_t n_tasks, void (*run)(void* context, std::int64_t task), void* context);

inline constexpr int scratch_slots = 6;

/// 64-byte aligned scratch memory for the duration of a kernel; grows, never shrinks, one per
/// thread and slot.
void* scratch(std::int64_t bytes, int slot = 0);

}  // namespace halograph
