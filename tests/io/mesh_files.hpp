// SPDX-License-Identifier: BSD-3-Clause
// Helpers of the tests of the mesh readers: files in a temporary directory, slabs put together again,
// and errors that must say enough.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::test {

/// A directory that goes away with the object.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "halograph-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw FileError("no temporary directory");
    path_ = pattern;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::filesystem::remove(path(name));  // some file systems wait for the disk where an old file is cut
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

/// Decompresses a .gz or .xz file into `dir`; an empty string if that fails.
inline std::string unpacked(const TempDir& dir, const std::string& packed) {
  const std::string tool = packed.ends_with(".xz") ? "xz" : "gzip";
  const std::string out = dir.path(std::filesystem::path(packed).stem().string());
  const std::string command = tool + " -dc '" + packed + "' > '" + out + "'";
  return std::system(command.c_str()) == 0 ? out : std::string();
}

template <class T>
bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

/// The slabs of all parts as one.
inline MeshSlab concatenated(const std::vector<MeshSlab>& slabs) {
  MeshSlab all;
  all.dimension = slabs.front().dimension;
  all.n_nodes = slabs.front().n_nodes;
  all.corner_offset.push_back(0);
  for (const MeshSlab& slab : slabs) {
    EXPECT_EQ(slab.n_nodes, all.n_nodes);
    EXPECT_EQ(slab.dimension, all.dimension);
    EXPECT_EQ(slab.first_node * slab.dimension, std::int64_t(all.position.size()));
    EXPECT_EQ(slab.corner_offset.size(), slab.shape.size() + 1);
    for (std::size_t e = 0; e < slab.shape.size(); ++e)
      all.corner_offset.push_back(all.corner_offset.back() + slab.corner_offset[e + 1] - slab.corner_offset[e]);
    all.position.insert(all.position.end(), slab.position.begin(), slab.position.end());
    all.shape.insert(all.shape.end(), slab.shape.begin(), slab.shape.end());
    all.corner.insert(all.corner.end(), slab.corner.begin(), slab.corner.end());
  }
  return all;
}

inline void expect_same_mesh(const MeshSlab& a, const MeshSlab& b) {
  EXPECT_EQ(a.dimension, b.dimension);
  EXPECT_EQ(a.n_nodes, b.n_nodes);
  EXPECT_TRUE(same_bits(a.position, b.position));
  EXPECT_TRUE(same_bits(a.shape, b.shape));
  EXPECT_TRUE(same_bits(a.corner_offset, b.corner_offset));
  EXPECT_TRUE(same_bits(a.corner, b.corner));
}

/// Undirected edges of a whole mesh.
inline std::size_t count_edges(const MeshSlab& mesh) {
  std::vector<std::pair<std::int64_t, std::int64_t>> edges;
  for (std::size_t e = 0; e < mesh.shape.size(); ++e)
    for (const auto& [a, b] : edges_of(mesh.shape[e])) {
      const std::int64_t* corner = &mesh.corner[std::size_t(mesh.corner_offset[e])];
      edges.push_back(std::minmax(corner[a], corner[b]));
    }
  std::sort(edges.begin(), edges.end());
  return std::size_t(std::unique(edges.begin(), edges.end()) - edges.begin());
}

/// `read` must throw a FileError whose text has all the `words`.
template <class Read>
void expect_file_error(Read&& read, const std::vector<std::string>& words) {
  try {
    read();
    ADD_FAILURE() << "no error; expected one with '" << (words.empty() ? "" : words.front()) << "'";
  } catch (const FileError& error) {
    for (const std::string& word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << word << " is not in: " << error.what();
  }
}

/// `text` with the first `old` replaced, which must be there.
inline std::string replaced(std::string text, const std::string& old, const std::string& now) {
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw UsageError("test: '" + old + "' is not in the text");
  return text.replace(at, old.size(), now);
}

}  // namespace halograph::test
