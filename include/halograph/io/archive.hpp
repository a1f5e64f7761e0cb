// SPDX-License-Identifier: BSD-3-Clause
// Archives: named replicated tensors, numbers and texts in one HDF5 file with a checksum. Checkpoints are archives of
// the kind "checkpoint". Rank 0 reads and writes; a kill at any moment leaves the old file or the new one. The layout
// is in docs/file_format.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

struct Archive {
  std::vector<NamedTensor> tensors;  ///< the order is kept; names are unique, without '/'
  std::map<std::string, std::int64_t> integers;
  std::map<std::string, double> reals;
  std::map<std::string, std::string> texts;
};

/// Replaces the file `path` by the archive of rank 0. `kind` says what the archive is for. Throws the same FileError
/// on all ranks if it cannot be written; an earlier file is untouched then. Collective.
void write_archive(const Communicator& comm, const std::string& path, const Archive& archive, const std::string& kind);

/// Writes the archive beside `path` and removes it again, so that what would keep write_archive() from its work is met
/// now. Throws as it does; the file `path` stays as it is. Collective.
void rehearse_archive(const Communicator& comm, const std::string& path, const Archive& archive,
                      const std::string& kind);

/// The archive, bit for bit, on all ranks; its tensors are on the preferred device. Throws the same FileError on all
/// ranks if the file is of another kind or version, or its content does not have the checksum. Collective.
Archive read_archive(const Communicator& comm, const std::string& path, const std::string& kind);

}  // namespace halograph
