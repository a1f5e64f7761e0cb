// SPDX-License-Identifier: BSD-3-Clause
// A folder of its own for the files of one test, the same on all ranks.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <halograph/mpi/communicator.hpp>

namespace halograph::test {

class Scratch {
 public:
  /// Collective.
  explicit Scratch(Communicator comm = {}) : comm_(std::move(comm)) {
    if (comm_.rank() == 0) {
      folder_ = (std::filesystem::temp_directory_path() / "halograph-test-XXXXXX").string();
      if (!mkdtemp(folder_.data())) folder_.clear();
    }
    comm_.broadcast(folder_, 0);
    if (folder_.empty()) throw Error("no temporary folder can be made");
  }
  ~Scratch() {
    comm_.barrier();
    std::error_code ignored;
    if (comm_.rank() == 0) std::filesystem::remove_all(folder_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& folder() const { return folder_; }
  std::string operator/(const std::string& name) const { return folder_ + "/" + name; }
  /// Files in the folder, to see that no temporary is left.
  std::ptrdiff_t count() const {
    return std::distance(std::filesystem::directory_iterator(folder_), std::filesystem::directory_iterator());
  }

 private:
  Communicator comm_;
  std::string folder_;
};

inline std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void put_content(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

/// The text of the FileError that `body` throws. Fails the test if it does not, and where the text lacks `part`.
template <class Body>
std::string expect_file_error(const std::string& part, Body&& body) {
  try {
    body();
  } catch (const FileError& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << "\nlacks: " << part;
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "not a FileError: " << error.what();
    return {};
  }
  ADD_FAILURE() << "no error; expected: " << part;
  return {};
}

}  // namespace halograph::test
