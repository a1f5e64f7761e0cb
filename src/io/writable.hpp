// SPDX-License-Identifier: BSD-3-Clause
// Whether a file can be written, asked before a long job.
#pragma once

#include <string>

#include <halograph/mpi/communicator.hpp>

namespace halograph::io {

/// Throws FileError on all ranks if no file can be made beside `path` or it cannot be replaced; `what` says what the
/// path is for. An earlier file stays as it is. An empty path is fine. Collective.
void require_writable(const Communicator& comm, const std::string& path, const std::string& what);

}  // namespace halograph::io
