// SPDX-License-Identifier: BSD-3-Clause
// A launch that is not what it says: processes that were started together and do not see each other, threads for which
// there are no cores.
#pragma once

#include <functional>
#include <string>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// What a launcher tells a process that it has started.
struct Launch {
  std::string variable;  ///< of the environment, that says how many processes there are; empty: none does
  int processes = 1;
  int rank = -1;  ///< of this process, -1 where nothing says so
};

/// Reads the variables of the launchers of MPI, of Flux, jsrun and Slurm; the first known one counts. An allocation of
/// Slurm alone, without a step, starts nothing. To be called before MPI_Init, which may set some.
Launch read_launch(const std::function<const char*(const char*)>& environment);

/// What is wrong if MPI has only `ranks` of the processes; empty if nothing is.
std::string launch_fault(const Launch& launch, int ranks);

/// Warns where the threads of a rank are more than the cores on which it may run, or those of all ranks of a machine
/// more than the cores of all of them. Collective.
void warn_of_shared_cores(const Communicator& comm);

}  // namespace halograph
