// SPDX-License-Identifier: BSD-3-Clause
// The safetensors format: eight bytes of header length, a JSON header, and the values. The reader trusts nothing: the
// header's length, every offset and every shape are checked against the file before anything is allocated, and the
// tensors must fill the data without holes and overlaps, as the format demands. Not collective.
#pragma once

#include <string>
#include <vector>

#include <halograph/io/archive.hpp>

namespace halograph {

/// Replaces the file `path` by the tensors, whose names have been checked.
void write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors);

/// The tensors in order of their place in the file.
std::vector<NamedTensor> read_safetensors(const std::string& path);

}  // namespace halograph
