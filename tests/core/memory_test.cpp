// SPDX-License-Identifier: BSD-3-Clause
// Who may read what: host tensors through Eigen without a copy, guarded ones only through kernels. And how freed memory
// is kept.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include <halograph/core/eigen.hpp>
#include <halograph/ops/shape.hpp>

#include "core/idle_blocks.hpp"
#include "tests/support/problems/test_graph.hpp"
#include "tests/support/refusal.hpp"

namespace halograph::testing {
namespace {

TEST(Eigen, SharesTheMemoryOfATensor) {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3, 4, 5, 6}, 2, 3, DType::f64, nullptr, Device::host());
  auto view = as_eigen<double>(x);
  EXPECT_EQ(view.data(), x.data());
  EXPECT_EQ(view(1, 0), 4);
  view(1, 0) = 10;
  EXPECT_EQ(x.to_vector<double>()[3], 10);
  EXPECT_EQ(as_eigen<double>(ops::slice_columns(x, 1, 2))(1, 1), 6);
  EXPECT_THROW(as_eigen<float>(x), UsageError);
  EXPECT_THROW(as_eigen<double>(Tensor::zeros(2, 2, DType::f64, nullptr, Device::guarded())), UsageError);
}

TEST(GuardedDeathTest, HostReadsFault) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Tensor x = Tensor::full(2, 3, 5, DType::f64, nullptr, Device::guarded());
  EXPECT_EQ(x.to_vector<double>(), std::vector<double>(6, 5.0));
  EXPECT_DEATH(static_cast<void>(*static_cast<volatile double*>(x.data())), "");
  EXPECT_DEATH(*static_cast<volatile double*>(x.data()) = 1, "");
  const DeviceAccess access(Device::guarded());
  EXPECT_EQ(*static_cast<double*>(x.data()), 5);
}

TEST(Borrow, UsesTheMemoryOfTheCaller) {
  std::vector<float> mine{1, 2, 3, 4};
  const Tensor x = Tensor::borrow(mine.data(), 2, 2, DType::f32);
  EXPECT_EQ(x.data(), mine.data());
  mine[2] = 7;
  EXPECT_EQ(x.to_vector<float>()[2], 7);
}

constexpr std::int64_t megabyte = std::int64_t(1) << 20;

class FreedMemory : public ::testing::TestWithParam<Device> {
 protected:
  void SetUp() override { release_cached_memory(); }
  void TearDown() override { release_cached_memory(); }
  std::unique_ptr<Buffer> buffer(std::int64_t bytes) const { return std::make_unique<Buffer>(bytes, GetParam()); }
};

TEST_P(FreedMemory, IsFoundAgainByWhatIsAboutAsLarge) {
  for (const std::int64_t bytes : {std::int64_t(1000), std::int64_t(104000), 3 * megabyte, 30 * megabyte}) {
    buffer(bytes).reset();
    const std::int64_t before = memory_use().system_allocations;
    for (const std::int64_t other : {bytes - bytes / 100, bytes - bytes / 50, bytes}) buffer(other).reset();
    EXPECT_EQ(memory_use().system_allocations, before) << bytes;
    const auto first = buffer(bytes), second = buffer(bytes);
    EXPECT_EQ(memory_use().system_allocations, before + 1) << bytes;
    EXPECT_NE(first->data(), second->data());
  }
}

TEST_P(FreedMemory, IsCountedApartFromWhatIsInUse) {
  const MemoryUse before = memory_use();
  EXPECT_EQ(before.cached, 0);
  auto one = buffer(1000);
  EXPECT_EQ(memory_use().live, before.live + 1024);
  EXPECT_EQ(memory_use().cached, 0);
  one.reset();
  EXPECT_EQ(memory_use().live, before.live);
  EXPECT_GE(memory_use().cached, 1024);
  EXPECT_LE(memory_use().cached, 1152);
  release_cached_memory();
  EXPECT_EQ(memory_use().cached, 0);
}

// Every size once: nothing that is kept is ever asked for again.
TEST_P(FreedMemory, IsBoundedWhateverSizesComeAndGo) {
  for (int i = 0; i < 70000; ++i) buffer(64).reset();  // what earlier cases needed is forgotten
  std::int64_t most = 0, all = 0;
  for (std::int64_t i = 0; i < 400; ++i) {
    const std::int64_t bytes = 100 + std::int64_t(mix(std::uint64_t(i)) % 4000) * (i % 2 ? 1000 : 3);
    buffer(bytes).reset();
    all += bytes;
    most = std::max(most, memory_use().cached);
  }
  EXPECT_GT(all, 300 * megabyte);
  EXPECT_LE(most, 16 * megabyte);
  EXPECT_GT(most, 8 * megabyte);
}

// Blocks of a step that needs much at a time all lie idle between two steps.
TEST_P(FreedMemory, OfARepeatedStepIsAllThere) {
  const auto step = [&] {
    std::vector<std::unique_ptr<Buffer>> held;
    for (std::int64_t i = 0; i < 30; ++i) held.push_back(buffer((1 + i % 7) * 1500000));
  };
  step();
  const MemoryUse before = memory_use();
  for (int i = 0; i < 5; ++i) step();
  EXPECT_EQ(memory_use().system_allocations, before.system_allocations);
  EXPECT_EQ(memory_use().cached, before.cached);
  EXPECT_GT(before.cached, 16 * megabyte);
}

TEST_P(FreedMemory, HoldsNothingOfItsFormerUse) {
  for (int i = 0; i < 3; ++i) {
    const Tensor x = Tensor::full(1000, 300, i, DType::f32, nullptr, GetParam());
    EXPECT_EQ(x.to_vector<float>(), std::vector<float>(300000, float(i)));
    if (i == 1) release_cached_memory();
  }
}

INSTANTIATE_TEST_SUITE_P(Devices, FreedMemory, ::testing::Values(Device::host(), Device::guarded()),
                         [](const auto& device) { return std::string(device.param.name()); });

TEST(IdleBlocks, GiveTheLatestOfASizeAndTheOldestOfAll) {
  IdleBlocks idle;
  int block[4];
  idle.give(&block[0], 100);
  idle.give(&block[1], 200);
  idle.give(&block[2], 100);
  idle.give(&block[3], 200);
  EXPECT_EQ(idle.bytes(), 600);
  EXPECT_EQ(idle.take(300), nullptr);
  EXPECT_EQ(idle.take(100), &block[2]);
  const IdleBlocks::Block first = idle.take_oldest(), second = idle.take_oldest();
  EXPECT_EQ(first.data, &block[0]);
  EXPECT_EQ(first.bytes, 100);
  EXPECT_EQ(second.data, &block[1]);
  EXPECT_EQ(idle.take(100), nullptr);
  EXPECT_EQ(idle.bytes(), 200);
  EXPECT_EQ(idle.take(200), &block[3]);
  EXPECT_EQ(idle.bytes(), 0);
}

TEST(RecentPeak, ForgetsTheDistantPast) {
  RecentPeak peak;
  peak.update(1000);
  for (int i = 0; i < 1000; ++i) peak.update(10);
  EXPECT_EQ(peak.value(), 1000);
  for (int i = 0; i < 100000; ++i) peak.update(10);
  EXPECT_EQ(peak.value(), 10);
}

// Each would read or write beside the memory of the tensor later on.
TEST(TensorErrors, RowsThatTheRowSpaceHasNot) {
  const Graph graph = make_graph(Communicator(), {10, 30, 3}, Device::host());
  const std::vector<double> three(3, 1.0), twenty(20, 1.0);
  double memory[60] = {};
  EXPECT_EQ(Tensor::from(twenty, 10, 2, DType::f32, graph.nodes(), Device::host()).rows(), 10);
  for (const Device device : {Device::host(), Device::guarded()}) {
    expect_refusal([&] { return Tensor::from(three, 3, 1, DType::f32, graph.nodes(), device); },
                   {"3 rows", "nodes", "10"});
    expect_refusal([&] { return Tensor::from(twenty, 20, 1, DType::f64, graph.nodes(), device); },
                   {"20 rows", "nodes", "10"});
    expect_refusal([&] { return Tensor::zeros(11, 1, DType::f32, graph.nodes(), device); }, {"11 rows", "nodes", "10"});
    expect_refusal([&] { return Tensor::full(0, 1, 5, DType::f32, graph.nodes(), device); }, {"0 rows", "nodes", "10"});
    expect_refusal([&] { return Tensor::empty(10, 1, DType::f32, graph.edges(), device); }, {"10 rows", "edges", "30"});
  }
  expect_refusal([&] { return Tensor::borrow(memory, 9, 2, DType::f64, graph.nodes()); }, {"9 rows", "nodes", "10"});
  expect_refusal([&] { return Tensor::borrow(memory, 31, 1, DType::f64, graph.edges()); }, {"31 rows", "edges", "30"});
}

TEST(TensorErrors, ShapesAndNumbersOfValues) {
  const std::vector<float> six(6, 1.0F);
  double memory[4] = {};
  expect_refusal([&] { return Tensor::from(six, 2, 2, DType::f32); }, {"6 values", "[2, 2]"});
  expect_refusal([&] { return Tensor::from(six, 3, 3, DType::f32); }, {"6 values", "[3, 3]"});
  expect_refusal([&] { return Tensor::from(six, -2, -3, DType::f32); }, {"[-2, -3]", "negative"});
  expect_refusal([&] { return Tensor::zeros(-1, 3, DType::f32); }, {"[-1, 3]", "negative"});
  expect_refusal([&] { return Tensor::full(3, -1, 2, DType::f32); }, {"[3, -1]", "negative"});
  expect_refusal([&] { return Tensor::borrow(memory, -1, 3, DType::f32); }, {"[-1, 3]", "negative"});
  expect_refusal([&] { return Tensor::empty(std::int64_t(1) << 40, std::int64_t(1) << 40, DType::f32); }, {"elements"});
  expect_refusal([&] { return Tensor::borrow(memory, std::int64_t(1) << 40, std::int64_t(1) << 40, DType::f64); },
                 {"elements"});
  expect_refusal([&] { return Tensor::borrow(nullptr, 2, 2, DType::f64); }, {"null", "[2, 2]"});
  EXPECT_EQ(Tensor::borrow(nullptr, 0, 2, DType::f64).rows(), 0);
  Tensor x = Tensor::zeros(2, 3, DType::f32);
  expect_refusal([&] { return x.assign(std::vector<float>(5)), x; }, {"5 values", "[2, 3]"});
}

}  // namespace
}  // namespace halograph::testing
