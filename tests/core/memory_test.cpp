// SPDX-License-Identifier: BSD-3-Clause
// Who may read what: host tensors through Eigen without a copy, guarded ones only through kernels.
#include <gtest/gtest.h>

#include <functional>

#include <halograph/core/eigen.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/support/test_graph.hpp"

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

void expect_refusal(const std::function<Tensor()>& call, const std::vector<std::string>& parts) {
  try {
    call();
    ADD_FAILURE() << "accepted";
  } catch (const UsageError& error) {
    for (const std::string& part : parts)
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << " lacks " << part;
  }
}

// Each would read or write beside the memory of the tensor later on.
TEST(TensorErrors, RowsThatTheRowSpaceHasNot) {
  const Graph graph = make_graph(Communicator(), {10, 30, 3}, Device::host());
  const std::vector<double> three(3, 1.0), twenty(20, 1.0);
  double memory[60] = {};
  EXPECT_EQ(Tensor::from(twenty, 10, 2, DType::f32, graph.nodes(), Device::host()).rows(), 10);
  for (const Device device : {Device::host(), Device::guarded()}) {
    expect_refusal([&] { return Tensor::from(three, 3, 1, DType::f32, graph.nodes(), device); }, {"3 rows", "nodes", "10"});
    expect_refusal([&] { return Tensor::from(twenty, 20, 1, DType::f64, graph.nodes(), device); }, {"20 rows", "nodes", "10"});
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
  expect_refusal([&] { return Tensor::borrow(memory, std::int64_t(1) << 40, std::int64_t(1) << 40, DType::f64); }, {"elements"});
  expect_refusal([&] { return Tensor::borrow(nullptr, 2, 2, DType::f64); }, {"null", "[2, 2]"});
  EXPECT_EQ(Tensor::borrow(nullptr, 0, 2, DType::f64).rows(), 0);
  Tensor x = Tensor::zeros(2, 3, DType::f32);
  expect_refusal([&] { return x.assign(std::vector<float>(5)), x; }, {"5 values", "[2, 3]"});
}

}  // namespace
}  // namespace halograph::testing
