// SPDX-License-Identifier: BSD-3-Clause
// Lines for the person who watches a run: printed by rank 0 only, never by the library on its own.
#pragma once

#include <iostream>

#include <halograph/core/error.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Prints the parts as one line on rank 0's standard output. Not collective.
template <class... Parts>
void log(const Communicator& comm, const Parts&... parts) {
  if (comm.rank() == 0) std::cout << cat(parts...) << std::endl;
}

}  // namespace halograph
