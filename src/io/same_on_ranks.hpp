// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Throws FileError unless `text`, which describes what the ranks must share, is the same on all ranks. Collective.
inline void require_same(const Communicator& comm, const std::string& path, const std::string& text) {
  std::string first = text;
  comm.broadcast(first, 0);
  require_all<FileError>(comm, text == first, path, ": the slabs differ: rank ", comm.rank(), " has ", text,
                         "; rank 0 has ", first);
}

}  // namespace halograph
