// SPDX-License-Identifier: BSD-3-Clause
// Files are told by their first bytes, by every reader.
#include "io/file_kind.hpp"

#include <functional>

#include <halograph/io/archive.hpp>
#include <halograph/io/gmsh.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/mesh.hpp>
#include <halograph/io/su2.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/train/config.hpp>

#include "mesh_files.hpp"

namespace halograph::test {
namespace {

using io::FileKind;
using namespace std::string_literals;

const std::string su2 = "NDIME= 2\nNELEM= 1\n5 0 1 2\nNPOIN= 3\n0 0\n1 0\n0 1\n";
const std::string gmsh =
    "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n3\n1 0 0 0\n2 1 0 0\n3 0 1 0\n$EndNodes\n$Elements\n1\n1 2 0 1 2 3\n"
    "$EndElements\n";
const std::string mark = "\xef\xbb\xbf";
const std::string json = R"({"graph": "g.h5", "input": "u", "target": "u", "steps": 3})";

/// `text` as UTF-16, low byte first.
std::string wide(const std::string& text, bool high_first = false) {
  std::string out;
  for (const char c : text) out += high_first ? "\0"s + c : c + "\0"s;
  return out;
}

TEST(FileKind, IsToldByTheFirstBytes) {
  const TempDir dir;
  const std::string hdf5 = "\x89HDF\r\n\x1a\n" + std::string(600, '\0');
  for (const std::string name : {"plain", "a.h5", "a.msh", "B.SU2", "a.msh4", "c.txt", "d.csv", ".su2"}) {
    EXPECT_EQ(io::kind_of(dir.write(name, su2)), FileKind::su2) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, "\n  % comment\n\nNZONE = 1\n" + su2)), FileKind::su2) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, mark + su2)), FileKind::su2) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, gmsh)), FileKind::gmsh) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, mark + gmsh)), FileKind::gmsh) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, "$NOD\n3\n")), FileKind::gmsh) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, "$Comments\nx\n$EndComments\n" + gmsh)), FileKind::gmsh) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, hdf5)), FileKind::hdf5) << name;
    EXPECT_EQ(io::kind_of(dir.write(name, std::string(512, 'u') + hdf5)), FileKind::hdf5) << name << ", a user block";
  }
  EXPECT_EQ(io::kind_of(dir.write("long", std::string(5000, '%'))), FileKind::su2);
}

TEST(FileKind, EndingsCountOnlyWhereContentTellsNothing) {
  const TempDir dir;
  const std::string text = "no idea\n";
  EXPECT_EQ(io::kind_of(dir.write("a.su2", text)), FileKind::su2);
  EXPECT_EQ(io::kind_of(dir.write("a.MSH", text)), FileKind::gmsh);
  EXPECT_EQ(io::kind_of(dir.write("a.msh2", text)), FileKind::gmsh);
  EXPECT_EQ(io::kind_of(dir.write("a.H5", text)), FileKind::hdf5);
  for (const std::string name : {"plain", "a.json", "a.vtk", "a.su"})
    expect_file_error([&] { io::kind_of(dir.write(name, text)); }, {name, "no graph file (HDF5)", "'no idea'"});
}

TEST(FileKind, MeshesAreReadUnderAnyName) {
  const TempDir dir;
  for (const std::string name : {"A.MSH", "a.msh2", "a.msh4", "B.SU2", "mesh", "a.h5"})
    for (const std::string& text : {su2, mark + su2, gmsh, mark + gmsh}) {
      const GraphSlab slab = io::read_mesh({}, dir.write(name, text));
      EXPECT_EQ(slab.node_id.size(), 3u) << name;
      EXPECT_EQ(slab.edge_id.size(), 6u) << name;
    }
}

/// Every reader that a user can point at a file.
std::vector<std::pair<std::string, std::function<void(const std::string&)>>> readers() {
  const auto on_mesh = [](const std::string& path) {
    const TempDir dir;
    MeshSlab mesh = io::read_su2(dir.write("m.su2", su2), 0, 1);
    io::read_su2_csv(path, mesh);
  };
  return {{"input", [](const std::string& path) { io::read_mesh({}, path); }},
          {"gmsh", [](const std::string& path) { io::read_gmsh(path, 0, 1); }},
          {"su2", [](const std::string& path) { io::read_su2(path, 0, 1); }},
          {"csv", on_mesh},
          {"graph", [](const std::string& path) { read_graph({}, path); }},
          {"info", [](const std::string& path) { graph_file_info(path); }},
          {"archive", [](const std::string& path) { read_archive({}, path, "model"); }},
          {"weights", [](const std::string& path) { load_weights({}, path); }},
          {"config", [](const std::string& path) { train::read_config({}, path); }}};
}

TEST(FileKind, EveryReaderNamesWhatIsNotTheFile) {
  const std::string pointer =
      "version https://git-lfs.github.com/spec/v1\noid sha256:" + std::string(64, 'a') + "\nsize 123\n";
  const std::vector<std::pair<std::string, std::string>> cases{
      {pointer, "is a git-lfs pointer, not the file: run git lfs pull"},
      {"/annex/objects/SHA256E-s1--abc\n", "git annex get"},
      {"\x1f\x8b\x08\0\0\0\0\0"s, "compressed (gzip)"},
      {"\xfd"
       "7zXZ\0\0\4"s,
       "compressed (xz)"},
      {"BZh91AY&SY", "compressed (bzip2)"},
      {"\x28\xb5\x2f\xfd\x04\x58", "compressed (zstd)"},
      {"PK\x03\x04\x14\0\0\0"s, "compressed (zip"},
      {"7z\xbc\xaf\x27\x1c\0\4"s, "compressed (7-Zip)"},
      {std::string(257, 'a') + "ustar\0"s + "00" + std::string(200, '\0'), "compressed (tar)"},
      {"\xff\xfe" + wide(su2), "UTF-16"},
      {"\xfe\xff" + wide(su2, true), "UTF-16"},
      {wide(su2), "UTF-16"},
      {wide(json, true), "UTF-16"},
      {"<!DOCTYPE html>\n<html></html>\n", "is a web page"},
      {"\n\n<HTML lang=\"en\">", "is a web page"},
      {"", "the file is empty"}};
  const TempDir dir;
  for (const auto& [name, read] : readers())
    for (const auto& [content, words] : cases)
      for (const std::string file : {"a.h5", "a.safetensors"}) {
        SCOPED_TRACE(name + ": " + words);
        const std::string path = dir.write(file, content);
        expect_file_error([&, &reader = read] { reader(path); }, {path, words});
      }
}

TEST(FileKind, EveryReaderNamesAFileThatIsNotThere) {
  const TempDir dir;
  for (const auto& [name, read] : readers()) {
    SCOPED_TRACE(name);
    expect_file_error([&, &reader = read] { reader(dir.path("none.h5")); }, {"none.h5: cannot be opened"});
    if (name != "config") expect_file_error([&, &reader = read] { reader(dir.path(".")); }, {"a folder"});
  }
}

TEST(FileKind, LengthsOfSafetensorsMayLookLikeAnything) {
  // A header of 0x88b1f bytes begins like gzip, one of 0xfeff bytes like UTF-16.
  const std::string header = R"({"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}})";
  const TempDir dir;
  for (const std::uint64_t length :
       {std::uint64_t(0x88b1f), std::uint64_t(0xfeff), std::uint64_t(0xfffe), std::uint64_t(64)}) {
    std::string content(reinterpret_cast<const char*>(&length), sizeof length);
    content += header + std::string(length - header.size(), ' ') + std::string(4, '\0');
    for (const std::string name : {"a.safetensors", "a.bin", "a.h5"})
      EXPECT_EQ(load_weights({}, dir.write(name, content)).size(), 1u) << name << " " << length;
  }
}

TEST(FileKind, WeightsAreToldByTheirFirstBytes) {
  const TempDir dir;
  const std::vector<NamedTensor> list{{"a", Tensor::from(std::vector<double>{1, 2}, 1, 2, DType::f64)}};
  save_weights({}, dir.path("a.h5"), list);
  save_weights({}, dir.path("b.safetensors"), list);
  for (const std::string from : {"a.h5", "b.safetensors"})
    for (const std::string to : {"w.bin", "w.safetensors", "w.h5", "w"}) {
      std::filesystem::copy_file(dir.path(from), dir.path(to), std::filesystem::copy_options::overwrite_existing);
      EXPECT_EQ(load_weights({}, dir.path(to)).front().value.to_vector<double>(), (std::vector<double>{1, 2}))
          << from << to;
    }
  EXPECT_THROW(save_weights({}, dir.path("w.bin"), list), FileError);
}

TEST(FileKind, AConfigurationMayHaveAMark) {
  const TempDir dir;
  EXPECT_EQ(train::read_config({}, dir.write("c.json", mark + json)).steps, 3);
  EXPECT_EQ(train::read_config({}, dir.write("c.json", json)).steps, 3);
  EXPECT_EQ(train::read_config({}, dir.write("c.json", mark + "\n " + json + "\r\n")).steps, 3);
  EXPECT_THROW(train::read_config({}, dir.write("c.json", json + mark)), UsageError) << "only in front";
}

}  // namespace
}  // namespace halograph::test
