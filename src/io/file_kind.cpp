// SPDX-License-Identifier: BSD-3-Clause
#include "io/file_kind.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include <halograph/core/error.hpp>

#include "io/text_scanner.hpp"

namespace halograph::io {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t head_bytes = 4096;

/// Name of the compression that the first bytes of a file announce, or null.
const char* compression(std::string_view head) {
  constexpr std::pair<std::string_view, const char*> known[] = {{"\x1f\x8b"sv, "gzip"},
                                                                {"\xfd\x37zXZ"sv, "xz"},
                                                                {"BZh"sv, "bzip2"},
                                                                {"\x28\xb5\x2f\xfd"sv, "zstd"},
                                                                {"\x04\x22\x4d\x18"sv, "lz4"},
                                                                {"\x1f\x9d"sv, "compress"},
                                                                {"7z\xbc\xaf\x27\x1c"sv, "7-Zip"},
                                                                {"PK\x03\x04"sv, "zip, as .pt and .npz files are"}};
  for (const auto& [first, name] : known)
    if (head.starts_with(first)) return name;
  return head.size() >= 262 && head.substr(257, 5) == "ustar" ? "tar" : nullptr;
}

/// Whether four letters stand at the places of `letter` in pairs of bytes, with zeros between them.
bool in_pairs(std::string_view head, std::size_t letter) {
  if (head.size() < 8) return false;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto byte = static_cast<unsigned char>(head[i]);
    if (i % 2 == letter ? byte == 0 || byte >= 127 : byte != 0) return false;
  }
  return true;
}

bool is_wide_text(std::string_view head) {
  for (const std::string_view mark : {"\xff\xfe"sv, "\xfe\xff"sv, "\0\0\xfe\xff"sv})
    if (head.starts_with(mark)) return true;
  return in_pairs(head, 0) || in_pairs(head, 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  return out;
}

/// The first line with content: SU2's comments, which begin with %, and empty lines do not count.
std::string_view first_line(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string_view::npos && line[start] != '%') return line.substr(start);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return {};
}

/// "KEYWORD= ..."
bool is_su2_line(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::size_t stop = line.find_last_not_of(" \t", equals - 1);
  return stop != std::string_view::npos &&
         line.substr(0, stop + 1).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string_view::npos;
}

}  // namespace

void require_readable(const std::string& path, std::string_view head) {
  require<FileError>(!head.empty(), path, ": the file is empty");
  if (is_safetensors(head)) return;  // its length may look like anything
  require<FileError>(!(head.starts_with("version http") && head.find("\noid sha256:") != std::string_view::npos), path,
                     ": is a git-lfs pointer, not the file: run git lfs pull");
  require<FileError>(!head.starts_with("/annex/objects/"), path,
                     ": is a git-annex pointer, not the file: run git annex get");
  const char* packed = compression(head);
  require<FileError>(!packed, path, ": compressed (", packed ? packed : "", "); decompress the file first");
  require<FileError>(!is_wide_text(head), path, ": is UTF-16 or UTF-32 text; save it as UTF-8");
  const std::string start = lower(first_line(without_mark(head)).substr(0, 14));
  require<FileError>(!start.starts_with("<!doctype html") && !start.starts_with("<html"), path,
                     ": is a web page (HTML), not the file: its download went wrong");
}

std::string head_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  require<FileError>(status.type() != fs::file_type::not_found, path, ": cannot be opened: no such file");
  require<FileError>(!fs::is_directory(status), path, ": cannot be opened: a folder, not a regular file");
  require<FileError>(fs::is_regular_file(status), path, ": cannot be opened: not a regular file");
  std::ifstream file(path, std::ios::binary);
  require<FileError>(file.is_open(), path, ": cannot be opened: ", std::strerror(errno));
  std::string head(head_bytes, '\0');
  file.read(head.data(), std::streamsize(head.size()));
  require<FileError>(!file.bad(), path, ": reading failed");
  head.resize(std::size_t(file.gcount()));
  require_readable(path, head);
  return head;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text;
}

bool is_hdf5(std::string_view head) {
  for (std::size_t at = 0; at < head.size(); at = at == 0 ? 512 : 2 * at)
    if (head.substr(at).starts_with("\x89HDF\r\n\x1a\n")) return true;
  return false;
}

bool is_safetensors(std::string_view head) { return head.size() > 8 && head.substr(4, 5) == "\0\0\0\0{"sv; }

FileKind kind_of(const std::string& path) {
  const std::string head = head_of(path);
  if (is_hdf5(head)) return FileKind::hdf5;
  const std::string_view line = first_line(without_mark(head));
  if (line.starts_with('$')) return FileKind::gmsh;
  const bool comments_only = line.empty() && head.find('%') != std::string::npos;
  if (is_su2_line(line) || comments_only) return FileKind::su2;
  const std::string ending = lower(std::filesystem::path(path).extension().string());
  if (ending == ".su2") return FileKind::su2;
  if (ending.starts_with(".msh")) return FileKind::gmsh;
  require<FileError>(ending == ".h5" || ending == ".hdf5", path,
                     ": is no graph file (HDF5) and no mesh of Gmsh or SU2; it begins with ",
                     in_quotes(std::string_view(head).substr(0, head.find_first_of("\r\n"))));
  return FileKind::hdf5;
}

}  // namespace halograph::io
