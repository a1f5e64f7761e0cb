// SPDX-License-Identifier: BSD-3-Clause
#include "temporary.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <regex>

#include <halograph/core/error.hpp>

#include "posix_file.hpp"

namespace halograph {
namespace {

// A write that is under way changes its temporary far more often, on whatever host it runs.
constexpr std::int64_t seconds_until_abandoned = 24 * 60 * 60;

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string prefix_of(const std::string& path) { return path + ".tmp-"; }

/// Whether a process of this host is known to have ended. Of other hosts nothing is known.
bool has_ended(const std::string& host, const std::string& process, const std::string& this_host) {
  return host == this_host && kill(pid_t(std::stol(process)), 0) != 0 && errno == ESRCH;
}

void remove_leftovers(const std::string& path, const std::string& own) {
  static const std::regex pattern("(.+)-([1-9][0-9]{0,8})-[0-9]+");
  struct stat mine {};
  if (stat(own.c_str(), &mine) != 0) return;
  const std::string host = host_name(), prefix = std::filesystem::path(prefix_of(path)).filename().string();
  std::error_code failed;
  for (std::filesystem::directory_iterator at(directory_of(path), failed), end; !failed && at != end;
       at.increment(failed)) {
    const std::string name = at->path().filename().string();
    if (!name.starts_with(prefix) || at->path().filename() == std::filesystem::path(own).filename()) continue;
    const std::string rest = name.substr(prefix.size());
    std::smatch writer;
    struct stat status {};
    if (!std::regex_match(rest, writer, pattern) || lstat(at->path().c_str(), &status) != 0) continue;
    const bool ours = S_ISREG(status.st_mode) && status.st_uid == geteuid();
    // Both times are those of the file system: clocks of hosts may differ.
    const bool abandoned = mine.st_mtime - status.st_mtime > seconds_until_abandoned;
    if (ours && (abandoned || has_ended(writer[1], writer[2], host))) unlink(at->path().c_str());
  }
}

void require_replaceable(const std::string& path) {
  const auto rule = [&](bool ok, const char* why) { require<FileError>(ok, path, ": cannot be written: it ", why); };
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return;
  rule(S_ISREG(status.st_mode), "exists and is not a regular file");
  constexpr std::uint64_t mount_root = 0x2000;  // STATX_ATTR_MOUNT_ROOT, which older headers lack
  struct statx more {};
  if (statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_TYPE, &more) == 0) {
    rule((more.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) == 0, "is marked as immutable");
    rule((more.stx_attributes & mount_root) == 0, "is a mount point and cannot be replaced by a rename");
  }
  struct stat folder {};
  if (stat(directory_of(path).c_str(), &folder) != 0 || (folder.st_mode & S_ISVTX) == 0) return;
  const uid_t user = geteuid();
  rule(user == 0 || user == folder.st_uid || user == status.st_uid,
       "belongs to another user in a folder with the sticky bit");
}

}  // namespace

std::string create_temporary(const std::string& path) {
  require_replaceable(path);
  // The count is for other writers in this process, and for an earlier process of the same number.
  const std::string start = cat(prefix_of(path), host_name(), "-", getpid(), "-");
  for (int attempt = 0;; ++attempt) {
    std::string name = cat(start, attempt);
    const int descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) {
      close(descriptor);
      remove_leftovers(path, name);
      return name;
    }
    if (errno != EEXIST) throw_system_error(path + ": cannot be created");
  }
}

}  // namespace halograph
