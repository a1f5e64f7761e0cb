// SPDX-License-Identifier: BSD-3-Clause
// Whole data sets of reference files, read with plain HDF5 calls and nothing of the library under
// test.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace halograph::testing {

class ReferenceFile {
 public:
  explicit ReferenceFile(const std::string& path);
  ~ReferenceFile();
  ReferenceFile(const ReferenceFile&) = delete;
  ReferenceFile& operator=(const ReferenceFile&) = delete;

  std::vector<double> reals(const std::string& name) const;
  std::vector<std::int64_t> integers(const std::string& name) const;
  /// Fixed-length strings.
  std::vector<std::string> texts(const std::string& name) const;
  std::vector<std::int64_t> shape(const std::string& name) const;
  bool has(const std::string& name) const;
  bool holds_integers(const std::string& name) const;
  /// Names of the data sets of a group, in alphabetical order; none if there is no such group.
  std::vector<std::string> members(const std::string& group) const;
  double real_attribute(const std::string& object, const std::string& name) const;
  std::string text_attribute(const std::string& object, const std::string& name) const;

 private:
  std::int64_t file_;
};

}  // namespace halograph::testing
