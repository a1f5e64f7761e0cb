// SPDX-License-Identifier: BSD-3-Clause
// Graph files that break one rule each: the reader must name the file, the place and the rule.
#include <halograph/io/graph_file.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/io/damage.hpp"
#include "tests/io/sample_graph.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr long long huge = 1LL << 40;

struct Damage {
  const char* name;
  std::function<void(hid_t)> apply;
  const char* message;
};

const std::vector<Damage>& damages() {
  static const std::vector<long long> ids(sample_nodes, 1), links(sample_edges, 1);
  static const std::vector<Damage> all = {
      {"no_format", [](hid_t f) { H5Adelete(f, "format"); }, "attribute 'format' is missing"},
      {"format_is_a_number", [](hid_t f) { set_attribute(f, "format", 3); },
       "attribute 'format' of '/' must be one text"},
      {"version_too_new", [](hid_t f) { set_attribute(f, "version", 2); }, "version 2 is newer than this program"},
      {"version_zero", [](hid_t f) { set_attribute(f, "version", 0); }, "version 0 does not exist"},
      {"no_dimension", [](hid_t f) { H5Adelete(f, "dimension"); }, "attribute 'dimension' of '/' is missing"},
      {"dimension_4", [](hid_t f) { set_attribute(f, "dimension", 4); }, "dimension 4 is not 0, 1, 2 or 3"},
      {"dimension_huge", [](hid_t f) { set_attribute(f, "dimension", huge + 3); }, "is not 0, 1, 2 or 3"},
      {"dimension_2", [](hid_t f) { set_attribute(f, "dimension", 2); },
       "'/nodes/position' has shape [37, 3]; it must be [37, 2]"},
      {"patches_negative", [](hid_t f) { set_attribute(f, "n_patches", -1); }, "n_patches -1"},
      {"patches_huge", [](hid_t f) { set_attribute(f, "n_patches", huge); }, "is not in [0, 2^31)"},
      {"patches_few", [](hid_t f) { set_attribute(f, "n_patches", 4); }, "'/nodes/patch', row 4: 4 is not in [0, 4)"},
      {"patch_negative", [](hid_t f) { poke(f, "/nodes/patch", 7, -2LL); }, "'/nodes/patch', row 7: -2"},
      {"period_scalar", [](hid_t f) { set_attribute(f, "period", 3); }, "'period' of '/' must be 3 numbers"},
      {"no_nodes", [](hid_t f) { remove_link(f, "/nodes"); }, "'/nodes/id' is missing"},
      {"no_position", [](hid_t f) { remove_link(f, "/nodes/position"); }, "'/nodes/position' is missing"},
      {"no_patch", [](hid_t f) { remove_link(f, "/nodes/patch"); }, "'/nodes/patch' is missing"},
      {"no_source", [](hid_t f) { remove_link(f, "/edges/source"); }, "'/edges/source' is missing"},
      {"no_edge_id", [](hid_t f) { remove_link(f, "/edges/id"); }, "'/edges/id' is missing"},
      {"id_is_a_group",
       [](hid_t f) {
         remove_link(f, "/nodes/id");
         H5Gclose(H5Gcreate2(f, "/nodes/id", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
       },
       "'/nodes/id' cannot be opened"},
      {"ids_are_real", [](hid_t f) { replace(f, "/nodes/id", {37}, std::vector<double>(37, 1)); },
       "'/nodes/id' must hold integers"},
      {"ids_are_unsigned",
       [](hid_t f) { replace(f, "/nodes/id", H5T_NATIVE_UINT64, {37}, H5T_NATIVE_LLONG, ids.data()); },
       "unsigned 64-bit"},
      {"ids_are_texts",
       [](hid_t f) {
         const hid_t t = H5Tcopy(H5T_C_S1);
         replace(f, "/nodes/id", t, {37});
         H5Tclose(t);
       },
       "'/nodes/id' must hold integers"},
      {"ids_are_a_table",
       [](hid_t f) {
         replace(f, "/nodes/id", {37, 1}, ids);
       },
       "'/nodes/id' has shape [37, 1]; it must be [any]"},
      {"ids_negative", [](hid_t f) { poke(f, "/nodes/id", 30, -5LL); }, "'/nodes/id', row 30: -5 is negative"},
      {"ids_absurd", [](hid_t f) { replace(f, "/nodes/id", H5T_NATIVE_LLONG, {hsize_t(huge)}); },
       "but the file holds 0 bytes of it"},
      {"ids_null",
       [](hid_t f) {
         remove_link(f, "/nodes/id");
         const hid_t s = H5Screate(H5S_NULL);
         H5Dclose(H5Dcreate2(f, "/nodes/id", H5T_NATIVE_LLONG, s, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
         H5Sclose(s);
       },
       "the dataspace is empty"},
      {"position_short",
       [](hid_t f) {
         replace(f, "/nodes/position", {36, 3}, std::vector<double>(108, 1));
       },
       "'/nodes/position' has shape [36, 3]; it must be [37, 3]"},
      {"position_nan", [](hid_t f) { poke(f, "/nodes/position", 50, not_a_number); },
       "'/nodes/position', row 16: nan is not finite"},
      {"position_infinite", [](hid_t f) { poke(f, "/nodes/position", 0, -infinite); },
       "'/nodes/position', row 0: -inf is not finite"},
      {"weight_negative", [](hid_t f) { poke(f, "/nodes/weight", 36, -1LL); },
       "'/nodes/weight', row 36: -1 is negative"},
      {"weight_short", [](hid_t f) { replace(f, "/nodes/weight", {3}, ids); },
       "'/nodes/weight' has shape [3]; it must be [37]"},
      {"source_short", [](hid_t f) { replace(f, "/edges/source", {100}, links); },
       "'/edges/source' has shape [100]; it must be [101]"},
      {"target_negative", [](hid_t f) { poke(f, "/edges/target", 100, -1LL); },
       "'/edges/target', row 100: -1 is negative"},
      {"feature_nan", [](hid_t f) { poke(f, "/edges/feature", 7, not_a_number); },
       "'/edges/feature', row 3: nan is not finite"},
      {"feature_flat", [](hid_t f) { replace(f, "/edges/feature", {101}, std::vector<double>(101, 1)); },
       "'/edges/feature' has shape [101]; it must be [101, any]"},
      {"feature_no_channels",
       [](hid_t f) {
         replace(f, "/edges/feature", {101, 0}, std::vector<double>(1));
       },
       "has 0 channels"},
      {"cell_type_300", [](hid_t f) { replace(f, "/cells/type", {11}, std::vector<long long>(11, 300)); },
       "'/cells/type', row 0: 300 is not in [0, 255]"},
      {"cell_offset_falls", [](hid_t f) { poke(f, "/cells/offset", 5, 1LL); },
       "'/cells/offset', row 5: 1 is out of order"},
      {"cell_offset_starts_late", [](hid_t f) { poke(f, "/cells/offset", 0, 1LL); },
       "'/cells/offset', row 0: 1 is out of order"},
      {"cell_offset_huge", [](hid_t f) { poke(f, "/cells/offset", 5, huge); }, "'/cells/offset', row 5"},
      {"cell_offset_end", [](hid_t f) { poke(f, "/cells/offset", 11, huge); }, "but '/cells/node' has 38 values"},
      {"cell_node_negative", [](hid_t f) { poke(f, "/cells/node", 3, -1LL); }, "'/cells/node', cell 1: -1 is negative"},
      {"field_nan", [](hid_t f) { poke(f, "/fields/velocity", 37 * 3 * 2 + 10, not_a_number); },
       "'/fields/velocity', frame 2, row 3: nan is not finite"},
      {"field_short",
       [](hid_t f) {
         replace(f, "/fields/velocity", {3, 36, 3}, std::vector<double>(324, 1));
       },
       "'/fields/velocity' has shape [3, 36, 3]"},
      {"field_two_frames",
       [](hid_t f) {
         replace(f, "/fields/velocity", {2, 37, 3}, std::vector<double>(222, 1));
       },
       "field 'velocity' has 2 frames and others have 3"},
      {"field_no_frames",
       [](hid_t f) {
         replace(f, "/fields/velocity", {0, 37, 3}, std::vector<double>(1));
       },
       "0 frames"},
      {"field_is_a_group",
       [](hid_t f) { H5Gclose(H5Gcreate2(f, "/fields/more", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT)); },
       "'/fields/more' cannot be opened"},
      {"times_short", [](hid_t f) { replace(f, "/times", {2}, std::vector<double>(2)); },
       "there are 2 times for 3 frames"},
      {"time_infinite", [](hid_t f) { poke(f, "/times", 1, infinite); }, "'/times', row 1: inf is not finite"},
      {"external",
       [](hid_t f) {
         const hid_t p = H5Pcreate(H5P_DATASET_CREATE);
         H5Pset_external(p, "/dev/zero", 0, 37 * 8);
         replace(f, "/nodes/id", H5T_NATIVE_LLONG, {37}, -1, nullptr, p);
         H5Pclose(p);
       },
       "'/nodes/id' refers to other files"},
      {"chunks_missing",
       [](hid_t f) {
         const hid_t p = H5Pcreate(H5P_DATASET_CREATE);
         const hsize_t c = 1000;
         H5Pset_chunk(p, 1, &c);
         H5Pset_deflate(p, 1);
         replace(f, "/nodes/id", H5T_NATIVE_LLONG, {hsize_t(huge)}, -1, nullptr, p);
         H5Pclose(p);
       },
       "but the file holds 0 bytes of it"},
  };
  return all;
}

class BrokenGraphFile : public testing::TestWithParam<Damage> {};

TEST_P(BrokenGraphFile, IsRefused) {
  const Scratch scratch;
  const std::string path = scratch / "graph.h5";
  write_graph({}, path, sample_graph());
  edit(path, GetParam().apply);
  const std::string text = expect_file_error(GetParam().message, [&] { read_graph({}, path); });
  EXPECT_EQ(text.find(path), 0u) << text;
}

void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }

INSTANTIATE_TEST_SUITE_P(, BrokenGraphFile, testing::ValuesIn(damages()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(DamagedGraphFile, ThatIsNoHdf5IsRefused) {
  const Scratch scratch;
  put_content(scratch / "empty.h5", "");
  expect_file_error("the file is empty", [&] { read_graph({}, scratch / "empty.h5"); });
  put_content(scratch / "text.h5", std::string(5000, 'x'));
  expect_file_error("is not a readable HDF5 file", [&] { read_graph({}, scratch / "text.h5"); });
  expect_file_error(scratch.folder(), [&] { read_graph({}, scratch.folder()); });
}

TEST(DamagedGraphFile, ThatWasCutShortIsRefused) {
  const Scratch scratch;
  write_graph({}, scratch / "graph.h5", sample_graph());
  const std::string bytes = content_of(scratch / "graph.h5");
  for (std::size_t length = 1; length < bytes.size(); length += 997) {
    put_content(scratch / "cut.h5", bytes.substr(0, length));
    expect_file_error("is not a readable HDF5 file", [&] { read_graph({}, scratch / "cut.h5"); });
  }
}

TEST(DamagedGraphFile, WithAnyByteChangedIsReadOrRefused) {
  const Scratch scratch;
  write_graph({}, scratch / "graph.h5", sample_graph());
  const std::string bytes = content_of(scratch / "graph.h5");
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::string changed = bytes;
    for (int i = 0; i < 1 + round % 3; ++i) changed[random() % changed.size()] = char(random());
    put_content(scratch / "changed.h5", changed);
    try {
      read_graph({}, scratch / "changed.h5");
    } catch (const FileError&) {
    }
  }
}

TEST(DamagedGraphFile, WithoutNodesMayNotPromiseManyFrames) {
  const Scratch scratch;
  write_graph({}, scratch / "graph.h5", GraphSlab{});
  edit(scratch / "graph.h5", [](hid_t file) { replace(file, "/fields/u", H5T_NATIVE_DOUBLE, {1ull << 40, 0, 1}); });
  expect_file_error("has 1099511627776 frames, which is absurd", [&] { read_graph({}, scratch / "graph.h5"); });
}

TEST(GraphFileOptions, ChooseFieldsAndFrames) {
  const Scratch scratch;
  const std::string path = scratch / "graph.h5";
  const GraphSlab whole = sample_graph();
  write_graph({}, path, whole);
  const GraphSlab part =
      read_graph({}, path, {.fields = {{"wall distance", "velocity"}}, .frames = {{2, 0}}, .cells = false});
  ASSERT_EQ(part.fields.size(), 2u);
  EXPECT_TRUE(part.fields[0] == whole.fields[1]);
  EXPECT_EQ(part.times, (std::vector<double>{0.25, 0}));
  EXPECT_TRUE(part.cell_type.empty() && part.cell_offset.empty());
  const std::vector<double>& given = whole.fields[0].values;
  std::vector<double> wanted(given.begin() + 2 * 37 * 3, given.end());
  wanted.insert(wanted.end(), given.begin(), given.begin() + 37 * 3);
  EXPECT_EQ(part.fields[1].values, wanted);
  expect_file_error("no field 'speed'; there is 'velocity', 'wall distance'",
                    [&] { read_graph({}, path, {.fields = {{"speed"}}}); });
  expect_file_error("frame 3 is asked for", [&] { read_graph({}, path, {.frames = {{3}}}); });
}

TEST(GraphFileInfo, TellsWhatThereIs) {
  const Scratch scratch;
  write_graph({}, scratch / "graph.h5", sample_graph());
  const GraphFileInfo info = graph_file_info(scratch / "graph.h5");
  EXPECT_EQ(info.dimension, 3);
  EXPECT_EQ(info.n_nodes, sample_nodes);
  EXPECT_EQ(info.n_edges, sample_edges);
  EXPECT_EQ(info.n_cells, sample_cells);
  EXPECT_EQ(info.n_patches, 5);
  EXPECT_EQ(info.edge_channels, 2);
  EXPECT_TRUE(info.weighted);
  EXPECT_EQ(info.frames, 3);
  EXPECT_EQ(info.times, (std::vector<double>{0, 0.1, 0.25}));
  ASSERT_EQ(info.fields.size(), 2u);
  EXPECT_EQ(info.fields[0].name, "velocity");
  EXPECT_EQ(info.fields[0].channels, 3);
  EXPECT_EQ(info.fields[1].frames, 1);
}

TEST(GraphFile, OfAnotherProgramMayUseOtherTypesAndCompression) {
  const Scratch scratch;
  const std::string path = scratch / "graph.h5";
  GraphSlab whole = sample_graph();
  for (double& x : whole.position) x = float(x);
  for (std::int64_t& id : whole.node_id) id %= 1 << 20;
  write_graph({}, path, whole);
  edit(path, [&](hid_t file) {
    const hid_t packed = H5Pcreate(H5P_DATASET_CREATE);
    const hsize_t chunk[] = {10, 2};
    H5Pset_chunk(packed, 2, chunk);
    H5Pset_shuffle(packed);
    H5Pset_deflate(packed, 6);
    replace(file, "/nodes/position", H5T_IEEE_F32BE, {37, 3}, H5T_NATIVE_DOUBLE, whole.position.data(), packed);
    H5Pclose(packed);
    replace(file, "/nodes/id", H5T_STD_U32BE, {37}, H5T_NATIVE_INT64, whole.node_id.data());
  });
  expect_equal(read_graph({}, path), whole);
}

}  // namespace
}  // namespace halograph
