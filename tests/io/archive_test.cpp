// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/archive.hpp>

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>
#include <thread>

#include "src/io/archive_bytes.hpp"
#include "tests/io/damage.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

Archive numbered(std::int64_t step) {
  Archive archive;
  archive.integers["step"] = step;
  archive.texts["note"] = std::string(100, 'n');
  archive.tensors.push_back({"w", Tensor::from(std::vector<double>(5000, double(step)), 50, 100, DType::f64), false});
  return archive;
}

TEST(Archive, WithAnyChangedValueIsRefused) {
  const Scratch scratch;
  const auto refused = [&](const char* message, const std::function<void(hid_t)>& damage) {
    write_archive({}, scratch / "a.h5", numbered(1), "checkpoint");
    edit(scratch / "a.h5", damage);
    expect_file_error(message, [&] { read_archive({}, scratch / "a.h5", "checkpoint"); });
  };
  const char* damaged = "the content is damaged: its checksum is ";
  refused(damaged, [](hid_t f) { poke(f, "/tensors/w", 77, 1.0 + 1e-15); });
  refused(damaged, [](hid_t f) { poke(f, "/texts/note", 9, 12LL); });
  refused(damaged, [](hid_t f) { remove_link(f, "/tensors/w"); });
  refused(damaged, [](hid_t f) { remove_link(f, "/texts/note"); });
  refused(damaged, [](hid_t f) { replace(f, "/tensors/w", {100, 50}, std::vector<double>(5000, 1)); });
  refused(damaged, [](hid_t f) { H5Adelete_by_name(f, "/integers", "step", H5P_DEFAULT); });
  refused(damaged, [](hid_t f) { replace(f, "/tensors/w", {1, 50, 100}, std::vector<double>(5000, 1)); });
  refused("the file holds 0 bytes", [](hid_t f) { replace(f, "/tensors/w", H5T_NATIVE_DOUBLE, {1ull << 40, 100}); });
  refused("group '/tensors' is missing", [](hid_t f) { remove_link(f, "/tensors"); });
  refused("attribute 'sha256' of '/' is missing", [](hid_t f) { H5Adelete(f, "sha256"); });
  refused("version 9 is newer", [](hid_t f) { set_attribute(f, "version", 9); });
}

TEST(Archive, WithAnyByteChangedIsTheSameOrRefused) {
  const Scratch scratch;
  write_archive({}, scratch / "a.h5", numbered(1), "checkpoint");
  const std::string bytes = content_of(scratch / "a.h5");
  const std::vector<char> wanted = pack(numbered(1));
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::string changed = bytes;
    changed[random() % changed.size()] ^= char(1 << random() % 8);
    put_content(scratch / "b.h5", changed);
    try {
      EXPECT_EQ(pack(read_archive({}, scratch / "b.h5", "checkpoint")), wanted);
    } catch (const FileError&) {
    }
  }
}

TEST(Archive, OfAKilledProcessIsTheOldOrTheNewOne) {
  const Scratch scratch;
  const std::string path = scratch / "a.h5";
  write_archive({}, path, numbered(0), "checkpoint");
  std::mt19937 random(11);
  std::int64_t last = 0;
  for (int round = 0; round < 25; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      for (std::int64_t step = last + 1;; ++step) write_archive({}, path, numbered(step), "checkpoint");
    }
    const unsigned patience = last == 0 ? 1 + unsigned(round) : 1;  // on a busy machine the child may not get to write
    std::this_thread::sleep_for(patience * std::chrono::microseconds(2000 + random() % 20000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const Archive found = read_archive({}, path, "checkpoint");
    const std::int64_t step = found.integers.at("step");
    EXPECT_GE(step, last);
    EXPECT_EQ(pack(found), pack(numbered(step)));
    last = step;
  }
  EXPECT_GT(last, 0);
}

TEST(Archive, DoesNotReplaceWhatIsNoFile) {
  const Scratch scratch;
  expect_file_error("exists and is not a regular file", [&] { write_archive({}, scratch.folder(), {}, "k"); });
  expect_file_error("exists and is not a regular file", [] { write_archive({}, "/dev/null", {}, "k"); });
}

}  // namespace
}  // namespace halograph
