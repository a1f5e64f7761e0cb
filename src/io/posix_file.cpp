// SPDX-License-Identifier: BSD-3-Clause
#include "posix_file.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <halograph/core/error.hpp>

#include "temporary.hpp"

namespace halograph {

std::string directory_of(const std::string& path) {
  const std::string directory = std::filesystem::path(path).parent_path().string();
  return directory.empty() ? "." : directory;
}

void throw_system_error(const std::string& message) { throw FileError(cat(message, ": ", std::strerror(errno))); }

PosixFile::PosixFile(const std::string& path, std::string shown, int flags)
    : shown_(std::move(shown)), descriptor_(open(path.c_str(), flags | O_CLOEXEC)) {
  if (descriptor_ < 0) throw_system_error(shown_ + ": cannot be opened");
}

PosixFile::~PosixFile() { close(descriptor_); }

void PosixFile::write(std::int64_t offset, std::span<const std::byte> bytes) {
  constexpr std::size_t longest = std::size_t(1) << 30;
  while (!bytes.empty()) {
    const ssize_t written = pwrite(descriptor_, bytes.data(), std::min(bytes.size(), longest), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw_system_error(shown_ + ": cannot be written");
    bytes = bytes.subspan(std::size_t(written));
    offset += written;
  }
}

void PosixFile::reserve(std::int64_t bytes) {
  while (fallocate(descriptor_, 0, 0, bytes) != 0) {
    if (errno == EINTR) continue;
    if (errno != EOPNOTSUPP && errno != ENOSYS)
      throw_system_error(cat(shown_, ": cannot be written: ", bytes, " bytes are needed"));
    struct statvfs system {};
    if (fstatvfs(descriptor_, &system) != 0) return;
    const double available = double(system.f_bavail) * double(system.f_frsize);
    require<FileError>(double(bytes) <= available, shown_, ": cannot be written: ", bytes, " bytes are needed and ",
                       available, " are free");
    return;
  }
}

void PosixFile::sync() {
  if (fsync(descriptor_) != 0) throw_system_error(shown_ + ": cannot be written");
}

Replacement::Replacement(std::string path)
    : path_(std::move(path)), temporary_(create_temporary(path_)), file_(temporary_, path_, O_WRONLY) {}

Replacement::~Replacement() {
  if (!committed_) unlink(temporary_.c_str());
}

void Replacement::commit() {
  file_.sync();
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) throw_system_error(path_ + ": cannot be replaced");
  committed_ = true;
  // The new file is there; whether its name survives a crash of the machine is not worth an error.
  const int directory = open(directory_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  fsync(directory);
  close(directory);
}

}  // namespace halograph
