// SPDX-License-Identifier: BSD-3-Clause
// One step of reading or writing a file that any rank may fail: nobody goes on alone.
#pragma once

#include <new>
#include <string>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Runs `body` on each rank. If it throws on some, all ranks throw one FileError with the text of the lowest failing
/// rank. `body` must not communicate. Collective.
template <class Body>
void file_step(const Communicator& comm, const std::string& path, Body&& body) {
  std::string error;
  try {
    body();
  } catch (const std::bad_alloc&) {
    error = path + ": not enough memory";
  } catch (const std::exception& failure) {
    error = failure.what();
    if (error.empty()) error = path + ": unknown error";
  }
  agree<FileError>(comm, error);
}

/// Throws FileError unless `text`, which describes what the ranks must share, is the same on all ranks. Collective.
inline void require_same(const Communicator& comm, const std::string& path, const std::string& text) {
  std::string first = text;
  comm.broadcast(first, 0);
  require_all<FileError>(comm, text == first, path, ": the slabs differ: rank ", comm.rank(), " has ", text,
                         "; rank 0 has ", first);
}

/// file_step on rank 0 alone.
template <class Body>
void root_step(const Communicator& comm, const std::string& path, Body&& body) {
  file_step(comm, path, [&] {
    if (comm.rank() == 0) body();
  });
}

}  // namespace halograph
