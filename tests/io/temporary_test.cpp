// SPDX-License-Identifier: BSD-3-Clause
// Temporaries of killed runs go with the next write of the file; nobody else's file does.
#include "io/temporary.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include "io/file_plan.hpp"
#include "io/posix_file.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

std::string host() {
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The number of a process that has ended.
pid_t gone() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return child;
}

class Temporary : public ::testing::Test {
 protected:
  std::set<std::string> names() const {
    std::set<std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(scratch.folder()))
      all.insert(entry.path().filename().string());
    return all;
  }
  void make(const std::string& name, int hours_old = 0) const {
    put_content(scratch / name, "x");
    if (hours_old == 0) return;
    const timespec then{time(nullptr) - 3600 * hours_old, 0};
    const std::array times{then, then};
    utimensat(AT_FDCWD, (scratch / name).c_str(), times.data(), 0);
  }
  void write() const {
    Replacement file(scratch / "a.h5");
    file.commit();
  }
  Scratch scratch;
};

TEST_F(Temporary, NamesHostProcessAndCount) {
  const std::string name = create_temporary(scratch / "a.h5"), next = create_temporary(scratch / "a.h5");
  EXPECT_EQ(name, scratch / cat("a.h5.tmp-", host(), "-", getpid(), "-0"));
  EXPECT_EQ(next, scratch / cat("a.h5.tmp-", host(), "-", getpid(), "-1"));
}

TEST_F(Temporary, OfAKilledRunGoesWithTheNextWrite) {
  const pid_t child = fork();
  if (child == 0) {
    const Replacement file(scratch / "a.h5");
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  EXPECT_EQ(names(), std::set<std::string>{cat("a.h5.tmp-", host(), "-", child, "-0")});
  write();
  EXPECT_EQ(names(), std::set<std::string>{"a.h5"});
}

TEST_F(Temporary, OfAnotherHostGoesAfterADay) {
  const std::string young = cat("a.h5.tmp-elsewhere-", gone(), "-0"), old = "a.h5.tmp-else-where.org-12-0";
  make(young);
  make(old, 23);
  make("a.h5.tmp-elsewhere-12-7", 25);
  make(cat("a.h5.tmp-", host(), "-", getppid(), "-0"), 25);  // the number was given out anew
  write();
  EXPECT_EQ(names(), (std::set<std::string>{"a.h5", young, old}));
}

TEST_F(Temporary, OfALivingProcessAndOfOthersStay) {
  const std::string dead = cat(host(), "-", gone(), "-0");
  const std::set<std::string> kept{cat("a.h5.tmp-", host(), "-", getppid(), "-0"),  // alive
                                   "b.h5.tmp-" + dead,
                                   "aa.h5.tmp-" + dead,
                                   "a.h5.bak.tmp-" + dead,  // of other files
                                   "a.h5.tmp-" + dead + ".copy",
                                   "a.h5.tmp-" + host(),
                                   "a.h5.tmp-",
                                   "a.h5.tmp-1-2",
                                   "a.h5.new",
                                   "a.h5-" + dead,
                                   cat("a.h5.tmp-", host(), "-99999999999999999999-0"),
                                   cat("a.h5.tmp-", host(), "-0-0")};
  for (const std::string& name : kept) make(name);
  std::filesystem::create_directory(scratch / ("a.h5.tmp-" + dead + "0"));
  std::filesystem::create_symlink(scratch / "b.h5", scratch / ("a.h5.tmp-" + dead + "1"));
  const std::set<std::string> before = names();
  write();
  std::set<std::string> after = names();
  EXPECT_EQ(after.erase("a.h5"), 1u);
  EXPECT_EQ(after, before);
}

TEST_F(Temporary, OfAnotherUserStays) {
  if (geteuid() != 0) GTEST_SKIP() << "needs a second user";
  const std::string name = cat("a.h5.tmp-", host(), "-", gone(), "-0");
  make(name, 48);
  ASSERT_EQ(chown((scratch / name).c_str(), 12345, 12345), 0);
  write();
  EXPECT_EQ(names(), (std::set<std::string>{"a.h5", name}));
}

TEST_F(Temporary, IsNotMadeWhereTheFileCannotBeReplaced) {
  expect_file_error("is not a regular file", [&] { create_temporary(scratch.folder()); });
  expect_file_error("cannot be created: No such file", [&] { create_temporary(scratch / "none/a.h5"); });
  expect_file_error("cannot be created: File name too long",
                    [&] { create_temporary(scratch / std::string(250, 'a')); });
  make("a.h5");
  make("b.h5");
  if (mount((scratch / "b.h5").c_str(), (scratch / "a.h5").c_str(), nullptr, MS_BIND, nullptr) != 0)
    GTEST_SKIP() << "a file cannot be mounted here";
  expect_file_error("it is a mount point and cannot be replaced", [&] { create_temporary(scratch / "a.h5"); });
  umount2((scratch / "a.h5").c_str(), MNT_DETACH);
  EXPECT_EQ(names(), (std::set<std::string>{"a.h5", "b.h5"}));
}

TEST_F(Temporary, IsNotMadeForAStrangersFileInAStickyFolder) {
  if (geteuid() != 0) GTEST_SKIP() << "needs a second user";
  make("a.h5");
  chmod(scratch.folder().c_str(), 01777);
  const pid_t child = fork();
  if (child == 0) {
    if (setuid(12345) != 0) _exit(2);
    try {
      create_temporary(scratch / "a.h5");
    } catch (const FileError& error) {
      _exit(std::string(error.what()).find("belongs to another user") != std::string::npos ? 0 : 3);
    }
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// A plan of `count` datasets of `bytes` bytes with names of `length` letters, and as many attributes.
struct Sizes {
  std::int64_t count, bytes, length, attributes, text;
};

class Space : public ::testing::TestWithParam<Sizes> {};

TEST_P(Space, IsWhatTheFileTakesAndLittleMore) {
  const Sizes sizes = GetParam();
  const std::vector<std::uint8_t> values(std::size_t(sizes.bytes), 1);
  const Scratch scratch;
  const std::string path = scratch / "a.h5", letters(std::size_t(sizes.length), 'n');
  h5::FilePlan plan;
  plan.groups = {"/tensors", "/integers", "/reals", "/texts"};
  for (std::int64_t i = 0; i < sizes.count; ++i)
    plan.datasets.push_back(
        {cat("/tensors/", letters, i), h5::Element::u8, {sizes.bytes}, {{0, std::as_bytes(std::span(values))}}});
  for (std::int64_t i = 0; i < sizes.attributes; ++i) {
    plan.attributes.push_back({"/integers", cat(letters, i), i});
    plan.attributes.push_back({"/", cat(letters, "text", i), std::string(std::size_t(sizes.text), 't')});
  }
  h5::write_file(Communicator(), path, plan);
  const std::int64_t size = std::int64_t(std::filesystem::file_size(path));
  EXPECT_LE(size, h5::space_for(plan));
  EXPECT_LE(h5::space_for(plan), 2 * size + 50000);
}

INSTANTIATE_TEST_SUITE_P(Plans, Space,
                         ::testing::Values(Sizes{0, 0, 10, 0, 0}, Sizes{1, 1, 3, 4, 64}, Sizes{9, 64, 12, 4, 64},
                                           Sizes{9, 64, 200, 9, 500}, Sizes{260, 400, 40, 5, 64},
                                           Sizes{1000, 4, 12, 1, 10}, Sizes{300, 64, 200, 300, 10},
                                           Sizes{40, 5000, 12, 0, 0}, Sizes{3, 1000000, 12, 0, 0},
                                           Sizes{8, 4095, 60, 8, 30000}, Sizes{100, 4096, 60, 8, 3000}));

}  // namespace
}  // namespace halograph
