// SPDX-License-Identifier: BSD-3-Clause
// The scratch memory of kernels (kernels/launch/tasks.hpp) as the thread pool and the count of memory see it.
#pragma once

#include <cstdint>

namespace halograph {

/// Grows this thread's scratch memory to what any thread has needed so far. Which thread gets which task is chance;
/// so that memory does not depend on it, threads call this before each round of tasks.
void match_scratch();

/// How often scratch memory has been taken from the system.
std::int64_t scratch_allocations();

}  // namespace halograph
