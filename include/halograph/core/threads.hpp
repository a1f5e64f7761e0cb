// SPDX-License-Identifier: BSD-3-Clause
// The threads of one rank. Kernels cut their rows into tasks and share them out; results never
// depend on how many threads there are or who ran which task.
#pragma once

namespace halograph {

/// Threads that kernels of this process use, the caller's included. At start: the environment's
/// HALOGRAPH_THREADS, otherwise 1 (under mpirun every core usually has its own rank). Throws Error where that is not a
/// number from 1 to 1024.
int threads();

/// Sets the number of threads. Throws UsageError unless 1 <= count <= 1024. Not during a kernel.
void set_threads(int count);

/// Cores on which the operating system lets this process run: often one where mpirun has bound it.
int available_cores();

}  // namespace halograph
