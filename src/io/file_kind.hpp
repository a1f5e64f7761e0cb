// SPDX-License-Identifier: BSD-3-Clause
// What a file is, told by its first bytes: a name proves nothing. Every reader of a file looks here first, so that a
// pointer, a packed file or a text in another encoding is called what it is. Nothing here communicates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace halograph::io {

/// The kinds of files that a graph is read from.
enum class FileKind : std::uint8_t { hdf5, gmsh, su2 };

/// Returns the kind of the file `path`. Its ending counts only where its first bytes tell nothing. Throws FileError for
/// a file that is none of these, and where head_of() does.
FileKind kind_of(const std::string& path);

/// Whether a file that begins with `head` is HDF5, also behind a user block.
bool is_hdf5(std::string_view head);

/// Whether a file that begins with `head` is in safetensors: the length of a header of JSON, then the header.
bool is_safetensors(std::string_view head);

/// Returns the first bytes of the file `path`, at most 4096. Throws FileError if there is no such file, it is not a
/// regular one, is empty, or is refused by require_readable().
std::string head_of(const std::string& path);

/// Throws FileError if a file that begins with `head` is not what its name promises: a pointer of git-lfs or git-annex,
/// a packed file, UTF-16 or UTF-32 text, or a web page.
void require_readable(const std::string& path, std::string_view head);

/// Returns `text` without the byte order mark of UTF-8 that some editors put in front.
std::string_view without_mark(std::string_view text);

}  // namespace halograph::io
