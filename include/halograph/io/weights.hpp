// SPDX-License-Identifier: BSD-3-Clause
// Weights of a network by name, to and from other programs: HDF5 (.h5, .hdf5) or safetensors (.safetensors). The ending
// of the path chooses what is written; a file that is read is told by its first bytes. Both are described in
// docs/file_format.md. Rank 0 reads and writes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <halograph/io/archive.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Replaces the file `path` by the tensors of rank 0, f32 and f64 as they are, with their axes. Throws the same
/// FileError on all ranks if it cannot be written; an earlier file is untouched then. Collective.
void save_weights(const Communicator& comm, const std::string& path, std::span<const NamedTensor> tensors);

/// All tensors of the file, on all ranks: in order of creation (HDF5) or of their place in the file (safetensors).
/// 64-bit real numbers become f64, narrower ones, half precision and bfloat16 included, f32 without loss, and integers
/// f64. Leading axes are folded into rows; `axes` keeps them. Throws the same FileError on all ranks for a malformed
/// file, a value that is not finite and an integer beyond 2^53. Collective.
std::vector<NamedTensor> load_weights(const Communicator& comm, const std::string& path);

}  // namespace halograph
