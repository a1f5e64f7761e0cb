// SPDX-License-Identifier: BSD-3-Clause
// Who may read what: host tensors through Eigen without a copy, guarded ones only through kernels.
#include <gtest/gtest.h>

#include <halograph/core/eigen.hpp>
#include <halograph/ops/shape.hpp>

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

}  // namespace
}  // namespace halograph::testing
