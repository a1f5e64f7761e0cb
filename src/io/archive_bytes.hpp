// SPDX-License-Identifier: BSD-3-Clause
// An archive as one run of bytes: what the checksum is taken of, and what rank 0 sends to the others.
#pragma once

#include <string>
#include <vector>

#include <halograph/io/archive.hpp>

namespace halograph {

/// Counts and lengths as 64-bit integers, texts as length and bytes, tensors as name, width of a number, rows, columns,
/// axes and values, row-major; little-endian.
std::vector<char> pack(const Archive& archive);

/// Inverse of pack(), for bytes that pack() made.
Archive unpack(const std::vector<char>& bytes);

/// Host bytes of a tensor's values, row-major.
std::vector<char> bytes_of(const Tensor& tensor);

/// Inverse of bytes_of().
Tensor tensor_from(const char* bytes, std::int64_t rows, std::int64_t cols, DType dtype);

/// Integers of a file as f64. Throws FileError if one is not exact as such. `place` names the tensor.
Tensor tensor_from(const std::vector<std::int64_t>& integers, std::int64_t rows, std::int64_t cols,
                   const std::string& place);

/// Throws FileError unless the names of the tensors are unique and usable and their axes fold to their rows and
/// columns.
void check_names(const std::string& path, const std::vector<NamedTensor>& tensors);

/// The archive of rank 0 on all ranks. Collective.
void broadcast(const Communicator& comm, Archive& archive);

}  // namespace halograph
