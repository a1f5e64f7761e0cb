// SPDX-License-Identifier: BSD-3-Clause
// Plain files written with the system's own calls, whose errors arrive at the call that met them, and the
// replacement of a file in one step: the new content goes to a temporary beside it, is synced, and takes the name
// over by rename. A kill at any moment leaves the old file or the new one; a temporary that is left behind then goes
// with the next write of the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace halograph {

/// A file open for writing at given places. Owns the descriptor. Errors are FileErrors that name `shown`, the file
/// as the user knows it.
class PosixFile {
 public:
  PosixFile(const std::string& path, std::string shown, int flags);
  ~PosixFile();
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  void write(std::int64_t offset, std::span<const std::byte> bytes);
  /// Has the file system set blocks aside for the first `bytes` bytes, so that a full disk is met now. File systems
  /// that cannot do this are asked for their free space instead.
  void reserve(std::int64_t bytes);
  /// Returns when the content is on the disk.
  void sync();

 private:
  std::string shown_;
  int descriptor_ = -1;
};

/// A new content for the file `path`. Its temporary is removed unless commit() was reached.
class Replacement {
 public:
  explicit Replacement(std::string path);
  ~Replacement();
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  const std::string& temporary() const { return temporary_; }
  PosixFile& file() { return file_; }
  /// Syncs, renames, and syncs the directory as far as the file system can.
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  PosixFile file_;
  bool committed_ = false;
};

/// The folder of a file, "." for a plain name.
std::string directory_of(const std::string& path);

/// "<message>: <text of errno>" as a FileError.
[[noreturn]] void throw_system_error(const std::string& message);

}  // namespace halograph
