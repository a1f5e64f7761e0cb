// SPDX-License-Identifier: BSD-3-Clause
// Values that HDF5 or a real number cannot give back: filters that are not installed, integers beyond 2^53.
#include <gtest/gtest.h>

#include <climits>

#include <halograph/io/archive.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/weights.hpp>

#include "tests/io/damage.hpp"
#include "tests/io/sample_graph.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

std::size_t unchanged(unsigned, std::size_t, const unsigned*, std::size_t bytes, std::size_t*, void**) { return bytes; }

/// A filter that exists while files are written and is gone when they are read.
class PassingFilter {
 public:
  PassingFilter(H5Z_filter_t id, const char* name) : id_(id) {
    const H5Z_class2_t filter{H5Z_CLASS_T_VERS, id, 1, 1, name, nullptr, nullptr, unchanged};
    H5Zregister(&filter);
  }
  ~PassingFilter() { H5Zunregister(id_); }
  PassingFilter(const PassingFilter&) = delete;
  PassingFilter& operator=(const PassingFilter&) = delete;

 private:
  H5Z_filter_t id_;
};

/// Puts the values of the dataset `name` through filter `id`, and through gzip before it.
template <class T>
void store_filtered(const std::string& path, const char* name, H5Z_filter_t id, hid_t type,
                    const std::vector<hsize_t>& shape, const std::vector<T>& values) {
  edit(path, [&](hid_t file) {
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, int(shape.size()), shape.data());
    H5Pset_shuffle(properties);
    H5Pset_filter(properties, id, H5Z_FLAG_MANDATORY, 0, nullptr);
    replace(file, name, type, shape, type, values.data(), properties);
    H5Pclose(properties);
  });
}

TEST(Hdf5Values, NamesAFilterThatIsNotInstalled) {
  const Scratch scratch;
  const std::string path = scratch / "graph.h5";
  const GraphSlab slab = sample_graph();
  const hsize_t n = slab.node_id.size();
  const std::vector<long long> ids(slab.node_id.begin(), slab.node_id.end());
  for (const auto& [id, name] :
       {std::pair(32000, "lzf"), std::pair(32001, "blosc"), std::pair(32015, "zstd"), std::pair(400, "")}) {
    write_graph({}, path, slab);
    {
      const PassingFilter filter(id, name);
      store_filtered(path, "/nodes/id", id, H5T_NATIVE_LLONG, {n}, ids);
      EXPECT_EQ(read_graph({}, path).node_id, slab.node_id) << "installed";
    }
    const std::string text =
        expect_file_error("dataset '/nodes/id' is stored with the HDF5 filter", [&] { read_graph({}, path); });
    EXPECT_NE(text.find(cat("(number ", id, ")")), std::string::npos) << text;
    EXPECT_NE(text.find(*name ? name : "without a name"), std::string::npos) << text;
    EXPECT_NE(text.find("h5repack"), std::string::npos) << text;
  }
}

TEST(Hdf5Values, NamesTheFilterOfEveryDataset) {
  const Scratch scratch;
  const GraphSlab slab = sample_graph();
  const hsize_t n = slab.node_id.size(), m = slab.edge_id.size();
  const auto lost = [&](const char* name, hid_t type, const std::vector<hsize_t>& shape, const auto& values) {
    const std::string path = scratch / "graph.h5";
    write_graph({}, path, slab);
    {
      const PassingFilter filter(32000, "lzf");
      store_filtered(path, name, 32000, type, shape, values);
    }
    expect_file_error(cat("dataset '", name, "' is stored with the HDF5 filter lzf"), [&] { read_graph({}, path); });
  };
  lost("/nodes/position", H5T_NATIVE_DOUBLE, {n, hsize_t(slab.dimension)}, slab.position);
  lost("/edges/source", H5T_NATIVE_LLONG, {m},
       std::vector<long long>(slab.edge_source.begin(), slab.edge_source.end()));
  const SlabField& field = slab.fields.front();
  lost(cat("/fields/", field.name).c_str(), H5T_NATIVE_DOUBLE, {hsize_t(field.frames), n, hsize_t(field.channels)},
       field.values);

  const std::string path = scratch / "weights.h5";
  save_weights({}, path, std::vector<NamedTensor>{{"a", Tensor::from(std::vector<double>{1, 2}, 1, 2, DType::f64)}});
  {
    const PassingFilter filter(32004, "lz4");
    store_filtered(path, "/weights/a", 32004, H5T_NATIVE_DOUBLE, {1, 2}, std::vector<double>{1, 2});
  }
  expect_file_error("dataset '/weights/a' is stored with the HDF5 filter lz4", [&] { load_weights({}, path); });
}

TEST(Hdf5Values, RefusesIntegersThatNoRealNumberHolds) {
  const Scratch scratch;
  const std::string path = scratch / "graph.h5";
  const GraphSlab slab = sample_graph();
  const hsize_t n = slab.node_id.size(), frames = hsize_t(slab.fields.front().frames),
                channels = hsize_t(slab.fields.front().channels);
  const std::string name = "/fields/" + slab.fields.front().name;
  const auto with = [&](long long value) {
    write_graph({}, path, slab);
    std::vector<long long> values(frames * n * channels, 1);
    values.back() = value;
    edit(path, [&](hid_t file) { replace(file, name.c_str(), {frames, n, channels}, values); });
    return read_graph({}, path, {.fields = {{slab.fields.front().name}}}).fields.front().values.back();
  };
  EXPECT_EQ(with(7), 7);
  EXPECT_EQ(with(1LL << 53), 0x1p53);
  EXPECT_EQ(with(-(1LL << 53)), -0x1p53);
  for (const long long value : {(1LL << 53) + 1, -(1LL << 53) - 1, LLONG_MAX, LLONG_MIN})
    expect_file_error(cat("dataset '", name, "': the integer ", value, " is beyond 2^53"), [&] { with(value); });
}

TEST(Hdf5Values, KeepsIdsBeyond2To53) {
  const Scratch scratch;
  GraphSlab slab = sample_graph();
  const std::int64_t shift = (std::int64_t(1) << 60) + 1;
  for (auto* ids : {&slab.node_id, &slab.edge_source, &slab.edge_target, &slab.edge_id, &slab.cell_node})
    for (std::int64_t& id : *ids) id += shift;
  write_graph({}, scratch / "graph.h5", slab);
  const GraphSlab back = read_graph({}, scratch / "graph.h5");
  EXPECT_EQ(back.node_id, slab.node_id);
  EXPECT_EQ(back.edge_id, slab.edge_id);
  EXPECT_EQ(back.edge_source, slab.edge_source);
  EXPECT_EQ(back.cell_node, slab.cell_node);
}

}  // namespace
}  // namespace halograph
