// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/digests/recorded_digests.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include <halograph/core/digest.hpp>

namespace halograph::testing {
namespace {

constexpr std::size_t digits = 16;

/// Lines "<digest> <name>".
std::map<std::string, std::string> read_recorded() {
  std::map<std::string, std::string> recorded;
  std::ifstream file(HALOGRAPH_TEST_DATA "/digests.txt");
  for (std::string line; std::getline(file, line);)
    if (line.size() > digits + 1 && line[0] != '#') recorded.emplace(line.substr(digits + 1), line.substr(0, digits));
  return recorded;
}

}  // namespace

std::string digest_of(const std::vector<Tensor>& tensors) {
  Digest digest;
  for (const Tensor& tensor : tensors) {
    if (tensor.dtype() == DType::f32) digest.update(tensor.to_vector<float>());
    else digest.update(tensor.to_vector<double>());
  }
  return digest.hex().substr(0, digits);
}

void expect_recorded(const std::string& name, const std::string& digest) {
  const std::string found = digest.substr(0, digits);
  if (const char* path = std::getenv("HALOGRAPH_RECORD_DIGESTS")) {
    std::ofstream(path, std::ios::app) << found << ' ' << name << '\n';
    return;
  }
  static const std::map<std::string, std::string> recorded = read_recorded();
  const auto known = recorded.find(name);
  if (known == recorded.end()) ADD_FAILURE() << "no digest is recorded of '" << name << "'; now " << found;
  else EXPECT_EQ(found, known->second) << "the bits of '" << name << "' are not those that were recorded";
}

}  // namespace halograph::testing
