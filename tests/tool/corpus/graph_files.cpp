// SPDX-License-Identifier: BSD-3-Clause
// Graph files. The good one has 64 nodes, 384 edges, 4 patches and 2 frames of velocity and pressure.
#include <limits>

#include "tests/io/damage.hpp"
#include "tests/tool/corpus/corpus.hpp"

namespace halograph::test {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr long long huge = 1LL << 40;
constexpr const char* good = "graph.h5";

/// Three cells; the periodic box has none.
void add_triangles(hid_t file, const std::vector<long long>& offsets, long long last_corner) {
  H5Gclose(H5Gcreate2(file, "/cells", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  replace(file, "/cells/type", {3}, std::vector<long long>(3, 5));
  replace(file, "/cells/offset", {4}, offsets);
  replace(file, "/cells/node", {9}, std::vector<long long>{0, 1, 2, 3, 4, 5, 6, 7, last_corner});
}

void add_files_that_are_no_graph(Corpus& corpus) {
  const std::string whole = content_of(good), unreadable = "is not a readable HDF5 file";
  corpus.file("empty.h5", "", "the file is empty", with_graph);
  corpus.file("pointer.h5", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "run git lfs pull",
              with_graph);
  corpus.file("gzip.h5", "\x1f\x8b\x08" + whole, "compressed (gzip)", partition);
  corpus.file("text.h5", std::string(5000, 'x'), unreadable, partition);
  for (const std::size_t percent : {1, 30, 60, 99})
    corpus.file("cut_" + std::to_string(percent) + ".h5", whole.substr(0, whole.size() * percent / 100), unreadable,
                percent % 2 ? partition : with_graph);
  corpus.command("missing.h5", "broken/none.h5", "cannot be opened", with_graph);
  corpus.command("folder.h5", "broken", "broken", with_graph);
  corpus.command("model_as_graph.h5", "model.h5", "a 'halograph graph' file is needed",
                 "train config.json --set graph=@");
}

void add_missing_parts(Corpus& corpus) {
  const auto without = [&](const std::string& name, const char* link, const std::string& arguments) {
    corpus.damaged(
        name, good, [&](hid_t f) { remove_link(f, link); }, std::string("'") + link + "' is missing", arguments);
  };
  without("no_ids.h5", "/nodes/id", with_graph);
  without("no_positions.h5", "/nodes/position", partition);
  without("no_sources.h5", "/edges/source", with_graph);
  without("no_patches.h5", "/nodes/patch", "info @");
  corpus.damaged(
      "no_format.h5", good, [](hid_t f) { H5Adelete(f, "format"); }, "attribute 'format' is missing", "info @");
  corpus.damaged(
      "no_velocity.h5", good, [](hid_t f) { remove_link(f, "/fields/velocity"); }, "no field 'velocity'", with_graph);
  corpus.damaged(
      "no_fields.h5", good, [](hid_t f) { remove_link(f, "/fields"); }, "no field 'velocity'", with_graph);
}

void add_wrong_shapes(Corpus& corpus) {
  corpus.damaged(
      "version_9.h5", good, [](hid_t f) { set_attribute(f, "version", 9); }, "version 9 is newer", partition);
  corpus.damaged(
      "negative_patches.h5", good, [](hid_t f) { set_attribute(f, "n_patches", -1); }, "n_patches -1", with_graph);
  corpus.damaged(
      "dimension_7.h5", good, [](hid_t f) { set_attribute(f, "dimension", 7); }, "dimension 7 is not 0, 1, 2 or 3",
      partition);
  corpus.damaged(
      "ids_in_a_table.h5", good,
      [](hid_t f) {
        replace(f, "/nodes/id", {64, 1}, std::vector<long long>(64));
      },
      "'/nodes/id' has shape [64, 1]", with_graph);
  corpus.damaged(
      "real_ids.h5", good, [](hid_t f) { replace(f, "/nodes/id", {64}, std::vector<double>(64)); },
      "'/nodes/id' must hold integers", partition);
  corpus.damaged(
      "text_targets.h5", good, [](hid_t f) { replace(f, "/edges/target", H5T_C_S1, {384}); },
      "'/edges/target' must hold integers", with_graph);
  corpus.damaged(
      "few_positions.h5", good,
      [](hid_t f) {
        replace(f, "/nodes/position", {60, 3}, std::vector<double>(180));
      },
      "'/nodes/position' has shape [60, 3]; it must be [64, 3]", partition);
  corpus.damaged(
      "few_sources.h5", good, [](hid_t f) { replace(f, "/edges/source", {100}, std::vector<long long>(100)); },
      "'/edges/source' has shape [100]; it must be [384]", with_graph);
  corpus.damaged(
      "wide_field.h5", good,
      [](hid_t f) {
        replace(f, "/fields/pressure", {2, 63, 1}, std::vector<double>(126));
      },
      "'/fields/pressure' has shape [2, 63, 1]", with_graph);
  corpus.damaged(
      "frames_differ.h5", good,
      [](hid_t f) {
        replace(f, "/fields/pressure", {3, 64, 1}, std::vector<double>(192));
      },
      "frames", with_graph);
  corpus.damaged(
      "absurd_extent.h5", good, [](hid_t f) { replace(f, "/nodes/id", H5T_NATIVE_LLONG, {hsize_t(huge)}); },
      "but the file holds 0 bytes of it", with_graph);
  corpus.damaged(
      "absurd_chunks.h5", good,
      [](hid_t f) {
        const hid_t p = H5Pcreate(H5P_DATASET_CREATE);
        const hsize_t chunk = 1000;
        H5Pset_chunk(p, 1, &chunk);
        H5Pset_deflate(p, 1);
        replace(f, "/edges/id", H5T_NATIVE_LLONG, {hsize_t(huge)}, -1, nullptr, p);
        H5Pclose(p);
      },
      "'/edges/id'", partition);
  corpus.damaged(
      "no_nodes.h5", good,
      [](hid_t f) {
        for (const char* name : {"/nodes/id", "/nodes/patch", "/edges/id", "/edges/source", "/edges/target"})
          replace(f, name, {0}, std::vector<long long>(1));
        replace(f, "/nodes/position", {0, 3}, std::vector<double>(1));
        replace(f, "/fields/velocity", {2, 0, 3}, std::vector<double>(1));
        replace(f, "/fields/pressure", {2, 0, 1}, std::vector<double>(1));
      },
      "has no nodes", with_graph);
}

void add_wrong_values(Corpus& corpus) {
  const auto poked = [&](const std::string& name, const char* dataset, hsize_t at, auto value, const std::string& words,
                         const std::string& arguments) {
    corpus.damaged(
        name, good, [&](hid_t f) { poke(f, dataset, at, value); }, words, arguments);
  };
  poked("negative_id.h5", "/nodes/id", 50, -5LL, "'/nodes/id', row 50: -5 is negative", partition);
  poked("id_twice.h5", "/nodes/id", 50, 7LL, "id 7", with_graph);
  poked("partition_id_twice.h5", "/nodes/id", 50, 7LL, "id 7", partition);
  poked("coordinates_id_twice.h5", "/nodes/id", 50, 7LL, "node 50, which no slab holds",
        partition + " --method coordinates");
  poked("unknown_target.h5", "/edges/target", 300, 999LL, "999", with_graph);
  poked("unknown_source.h5", "/edges/source", 300, 999LL, "999", partition);
  poked("info_unknown_source.h5", "/edges/source", 300, 999LL, "node 999, which no slab holds", "info @");
  poked("negative_source.h5", "/edges/source", 3, -1LL, "'/edges/source', row 3: -1 is negative", with_graph);
  corpus.damaged(
      "edge_twice.h5", good,
      [](hid_t f) {
        for (const char* name : {"/edges/id", "/edges/source", "/edges/target"})
          replace(f, name, {384}, std::vector<long long>(384, 7));
      },
      "edge id 7 from node 7 to node 7 occurs more than once", with_graph);
  poked("patch_4.h5", "/nodes/patch", 20, 4LL, "'/nodes/patch', row 20: 4 is not in [0, 4)", with_graph);
  poked("patch_below.h5", "/nodes/patch", 20, -2LL, "'/nodes/patch', row 20: -2", partition);
  poked("nan_position.h5", "/nodes/position", 100, not_a_number, "'/nodes/position', row 33: nan is not finite",
        partition);
  poked("nan_velocity.h5", "/fields/velocity", 64 * 3 + 7, not_a_number,
        "'/fields/velocity', frame 1, row 2: nan is not finite", with_graph);
  poked("infinite_time.h5", "/times", 1, -std::numeric_limits<double>::infinity(),
        "'/times', row 1: -inf is not finite", with_graph);
  corpus.damaged(
      "nan_feature.h5", good,
      [](hid_t f) {
        std::vector<double> features(384, 1.0);
        features[200] = not_a_number;
        replace(f, "/edges/feature", {384, 1}, features);
      },
      "'/edges/feature', row 200: nan is not finite", with_graph);
  corpus.damaged(
      "cell_offset_falls.h5", good,
      [](hid_t f) {
        add_triangles(f, {0, 5, 3, 9}, 8);
      },
      "'/cells/offset', row 2: 3 is out of order", partition);
  corpus.damaged(
      "cell_of_a_stranger.h5", good,
      [](hid_t f) {
        add_triangles(f, {0, 3, 6, 9}, 999);
      },
      "999", "predict --model model.h5 --graph @ --output fields.vtkhdf");
}

}  // namespace

void add_graph_files(Corpus& corpus) {
  add_files_that_are_no_graph(corpus);
  add_missing_parts(corpus);
  add_wrong_shapes(corpus);
  add_wrong_values(corpus);
}

}  // namespace halograph::test
