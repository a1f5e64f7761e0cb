// SPDX-License-Identifier: BSD-3-Clause
// Writes the corpus beside the good files of the current folder: the broken ones into broken/, and the manifest.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <halograph/core/error.hpp>

#include "tests/tool/corpus/corpus.hpp"

namespace halograph::test {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  require<FileError>(file.good(), path, ": cannot be opened");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string Corpus::place(const std::string& name) const { return "broken/" + name; }

void Corpus::file(const std::string& name, const std::string& content, const std::string& words,
                  const std::string& arguments) {
  std::ofstream(place(name), std::ios::binary) << content;
  command(name, place(name), words, arguments);
}

void Corpus::damaged(const std::string& name, const std::string& good, const std::function<void(hid_t)>& damage,
                     const std::string& words, const std::string& arguments) {
  file(name, content_of(good), words, arguments);
  const hid_t opened = H5Fopen(place(name).c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  require<FileError>(opened >= 0, place(name), ": cannot be damaged");
  damage(opened);
  H5Fclose(opened);
}

void Corpus::command(const std::string& name, const std::string& named, const std::string& words,
                     const std::string& arguments) {
  std::string line = name + '\t' + named + '\t' + words + '\t';
  for (char c : arguments) line += c == '@' ? named : std::string(1, c);
  const std::string start = name + '\t';
  require(std::none_of(lines_.begin(), lines_.end(), [&](const auto& other) { return other.starts_with(start); }),
          "two cases are named ", name);
  lines_.push_back(std::move(line));
}

void Corpus::setting(const std::string& name, const std::string& words, const std::string& assignment) {
  command(name, "config.json", words, train + " --set " + assignment);
}

void Corpus::write_manifest(const std::string& path) const {
  std::ofstream file(path);
  for (const std::string& line : lines_) file << line << '\n';
}

}  // namespace halograph::test

int main() {
  try {
    using namespace halograph::test;
    std::filesystem::create_directory("broken");
    Corpus corpus;
    add_graph_files(corpus);
    add_gmsh_files(corpus);
    add_su2_files(corpus);
    add_configurations(corpus);
    add_archives(corpus);
    add_command_lines(corpus);
    corpus.write_manifest("manifest");
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "corpus: " << error.what() << '\n';
    return 1;
  }
}
