// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/io/archive.hpp>

#include <gtest/gtest.h>

#include <limits>

#include <halograph/core/error.hpp>
#include <halograph/io/state.hpp>
#include <halograph/nn/mlp.hpp>
#include <halograph/nn/model.hpp>

#include "src/io/archive_bytes.hpp"
#include "tests/io/scratch.hpp"

namespace halograph {
namespace {

using namespace test;

Archive sample() {
  Archive archive;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  archive.tensors.push_back(
      {"encoder.0.weight", Tensor::from<double>({1, -0.0, nan, 1e-310, 1. / 3, 6}, 2, 3, DType::f64), false});
  archive.tensors.push_back({"b", Tensor::from<float>({1, 2, 3e-40f}, 1, 3, DType::f32), true});
  archive.tensors.push_back({"a", Tensor::from<float>({5}, 1, 1, DType::f32), false});
  archive.tensors.push_back({"att", Tensor::from<float>({1, 2, 3, 4, 5, 6}, 2, 3, DType::f32), {1, 2, 3}});
  archive.tensors.push_back({"empty", Tensor::from<double>({}, 0, 4, DType::f64), false});
  for (int i = 0; i < 40; ++i) archive.integers["count " + std::to_string(i)] = (std::int64_t(1) << 62) - i;
  archive.reals = {{"loss", 0.1}, {"best", nan}, {"least", -std::numeric_limits<double>::infinity()}};
  archive.texts = {
      {"config", std::string(200000, '{')}, {"none", ""}, {"utf8", "\xc3\xa4\n\t\"" + std::string(1, '\0')}};
  return archive;
}

TEST(Archive, ComesBackBitForBitOnAllRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  Archive mine = sample();
  if (world.rank() > 0) mine = {};  // only that of rank 0 counts
  write_archive(world, scratch / "a.h5", mine, "checkpoint");
  const Archive back = read_archive(world, scratch / "a.h5", "checkpoint");
  EXPECT_EQ(pack(back), pack(sample()));
  EXPECT_EQ(back.tensors[1].name, "b");
  EXPECT_EQ(back.tensors[1].axes.of(back.tensors[1].value), (std::vector<std::int64_t>{3}));
  EXPECT_EQ(back.tensors[2].axes.of(back.tensors[2].value), (std::vector<std::int64_t>{1, 1}));
  EXPECT_EQ(back.tensors[3].axes.of(back.tensors[3].value), (std::vector<std::int64_t>{1, 2, 3}));
  write_archive(world, scratch / "b.h5", back, "checkpoint");
  EXPECT_TRUE(content_of(scratch / "a.h5") == content_of(scratch / "b.h5"));
  EXPECT_EQ(scratch.count(), 2);
}

TEST(Archive, MayBeEmpty) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  write_archive(world, scratch / "a.h5", {}, "");
  EXPECT_EQ(pack(read_archive(world, scratch / "a.h5", "")), pack(Archive{}));
}

TEST(Archive, FailsOnAllRanksTogether) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const std::string path = scratch / "a.h5";
  write_archive(world, path, sample(), "checkpoint");
  expect_file_error("is a 'checkpoint' archive; a 'model' is needed", [&] { read_archive(world, path, "model"); });
  expect_file_error("no such file", [&] { read_archive(world, path + "x", "model"); });
  expect_file_error("cannot be created", [&] { write_archive(world, scratch / "no/a.h5", sample(), "checkpoint"); });
  const std::string before = content_of(path);
  Archive twice = sample();
  twice.tensors.push_back(twice.tensors[0]);
  expect_file_error("two tensors are named 'encoder.0.weight'",
                    [&] { write_archive(world, path, twice, "checkpoint"); });
  twice.tensors.back().name = "a/b";
  expect_file_error("'a/b' cannot be the name", [&] { write_archive(world, path, twice, "checkpoint"); });
  EXPECT_TRUE(content_of(path) == before);
  world.barrier();
  EXPECT_EQ(scratch.count(), 1);
}

/// A model is an archive of its state.
TEST(Archive, BringsAModelBackOnAllRanks) {
  const Communicator world(MPI_COMM_WORLD);
  const Scratch scratch(world);
  const auto make = [](std::uint64_t seed, std::int64_t out) {
    return nn::make<nn::Mlp>(Scope(Random(seed)) / "net",
                             nn::MlpOptions{.in = 3, .hidden = 4, .out = out, .layer_norm = true});
  };
  const auto bytes = [](const auto& model) {
    Archive archive;
    archive.tensors = state(model);
    return pack(archive);
  };
  for (const std::string& path : {scratch / "w.h5", scratch / "w.safetensors"}) {
    io::save(world, path, make(world.rank() == 0 ? 1 : 2, 2));  // only that of rank 0 counts
    const auto loaded = make(3, 2), larger = make(3, 5);
    EXPECT_TRUE(io::load(world, path, loaded).empty());
    EXPECT_EQ(bytes(loaded), bytes(make(1, 2)));
    EXPECT_THROW(io::load(world, path, larger), UsageError);
    EXPECT_EQ(bytes(larger), bytes(make(3, 5)));
    expect_file_error("no such file", [&] { io::load(world, path + "x", loaded); });
    EXPECT_EQ(bytes(loaded), bytes(make(1, 2)));
  }
}

}  // namespace
}  // namespace halograph
