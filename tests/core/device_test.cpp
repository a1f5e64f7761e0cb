// SPDX-License-Identifier: BSD-3-Clause
// Devices by name, what is said where one is missing, and the rules that the emulated one enforces.
#include <gtest/gtest.h>

#include <halograph/core/capture.hpp>
#include <halograph/core/error.hpp>
#include <halograph/graph/dist/index.hpp>
#include <halograph/ops/elementwise.hpp>
#include <kernels/kernels.hpp>

#include "core/staging.hpp"
#include "core/transfer.hpp"
#include "core/views.hpp"
#include "tests/support/on_device.hpp"

namespace halograph::testing {
namespace {

TEST(Device, HasItsName) {
  for (const char* name : {"host", "guarded"}) EXPECT_EQ(Device::parse(name).name(), name);
  try {
    Device::parse("gpu");
    FAIL() << "no such device";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what())
                  .find("device 'gpu' is not one of those that this library was built with: host, guarded"),
              std::string::npos)
        << error.what();
  }
}

// Where there is a GPU this test has nothing to show.
TEST(Device, FallsBackToTheHostWithOneLine) {
  for (const Device device : {Device::cuda(), Device::hip()}) {
    std::string why;
    if (available(device, &why)) continue;
    SCOPED_TRACE(why);
    EXPECT_FALSE(why.empty());
    EXPECT_THROW(Tensor::zeros(1, 1, DType::f32, nullptr, device), DeviceError);
    if (why == "this library was built without it") {
      EXPECT_THROW(Device::find(device.name()), UsageError);
      continue;
    }
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Device::find(device.name()), Device::host());
    const std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(said, cat("halograph: no device '", device.name(), "' here (", why, "), running on the host\n"));
  }
}

/// Every device that is there.
class EveryDevice : public ::testing::TestWithParam<Device> {
 protected:
  void SetUp() override {
    std::string why;
    if (!available(GetParam(), &why)) GTEST_SKIP() << GetParam().name() << ": " << why;
  }
};
INSTANTIATE_TEST_SUITE_P(Devices, EveryDevice,
                         ::testing::Values(Device::host(), Device::guarded(), Device::emulated(), Device::cuda(),
                                           Device::hip()),
                         [](const auto& device) { return std::string(device.param.name()); });

TEST_P(EveryDevice, DescribesItself) { EXPECT_EQ(describe(GetParam()).find(GetParam().name()), 0u); }

TEST_P(EveryDevice, BringsValuesBack) {
  const OnDevice here(GetParam());
  const std::vector<double> values{1, -0.0, 3.5, 1e300, 5, 6};
  const Tensor x = Tensor::from(values, 2, 3, DType::f64);
  EXPECT_EQ(x.device(), GetParam());
  EXPECT_EQ(x.to_vector<double>(), values);
  EXPECT_EQ(x.column_view(1, 2).to_vector<double>(), (std::vector<double>{-0.0, 3.5, 5, 6}));
  EXPECT_EQ(x.to_vector<float>()[2], 3.5f);
  Tensor(x.column_view(2, 1)).assign(std::vector<float>{8, 9});
  EXPECT_EQ(x.to_vector<double>(), (std::vector<double>{1, -0.0, 8, 1e300, 5, 9}));
  const std::vector<std::int32_t> rows{4, 2, 9};
  EXPECT_EQ(Index(rows).to_vector(), rows);
  EXPECT_EQ(Index(std::vector<std::int32_t>{}).to_vector(), std::vector<std::int32_t>{});
  EXPECT_EQ(ops::add(x, x).to_vector<double>()[5], 18);
}

TEST_P(EveryDevice, StagesBytes) {
  Staging there(64, GetParam()), back(64, GetParam());
  const Buffer block(64, GetParam());
  for (int round = 0; round < 3; ++round) {
    there.finish();
    auto* numbers = static_cast<int*>(there.data());
    for (int i = 0; i < 16; ++i) numbers[i] = 100 * round + i;
    there.upload(block.data(), 64);
    back.download(block.data(), 64);
    back.finish();
    for (int i = 0; i < 16; ++i) EXPECT_EQ(static_cast<int*>(back.data())[i], 100 * round + i);
  }
}

/// What the emulated device does as a GPU would.
class Emulated : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    if (!available(Device::emulated(), &why)) GTEST_SKIP() << why;
  }
};

TEST_F(Emulated, WorksLate) {
  Staging staging(64, Device::emulated()), result(64, Device::emulated());
  const Buffer block(64, Device::emulated());
  auto* number = static_cast<int*>(staging.data());
  *number = 1;
  staging.upload(block.data(), 64);
  result.download(block.data(), 64);
  *number = 2;  // too early: the copy is still to come
  result.finish();
  EXPECT_EQ(*static_cast<int*>(result.data()), 2);
}

TEST_F(Emulated, SeesWhatIsWrittenBesideABlock) {
  const Tensor y = Tensor::zeros(1, 16, DType::f32, nullptr, Device::emulated());
  kernels::Out beside = out(y);
  beside.cols = beside.stride = 17;
  kernels::table(Device::emulated()).fill(1, beside);
  EXPECT_THROW(synchronize(Device::emulated()), DeviceError);
  EXPECT_EQ(y.to_vector<float>(), std::vector<float>(16, 1));
}

TEST_P(EveryDevice, DoesRecordedWorkAgain) {
  if (!Capture::supported(GetParam())) GTEST_SKIP() << "nothing to record";
  const OnDevice here(GetParam());
  const Tensor x = Tensor::full(1, 4, 1, DType::f64);
  Tensor y;
  Capture capture(GetParam());
  EXPECT_THROW(capture.replay(), UsageError);
  capture.record([&] { y = ops::multiply(ops::add(x, x), ops::add(x, x)); });
  const Tensor other = Tensor::full(1, 4, 7, DType::f64);  // takes no memory that the recorded work writes
  for (const double value : {3.0, 5.0}) {
    Tensor(x).assign(std::vector<double>(4, value));
    capture.replay();
    EXPECT_EQ(y.to_vector<double>(), std::vector<double>(4, 4 * value * value));
    EXPECT_EQ(other.to_vector<double>(), std::vector<double>(4, 7.0));
  }
}

TEST_P(EveryDevice, RefusesToRecordWhatNeedsTheHost) {
  if (!Capture::supported(GetParam())) GTEST_SKIP() << "nothing to record";
  const OnDevice here(GetParam());
  Tensor x = Tensor::full(1, 4, 1, DType::f64);
  Capture capture(GetParam());
  EXPECT_THROW(capture.record([&] { ops::add(x, x).to_vector<double>(); }), DeviceError);
  EXPECT_THROW(capture.record([&] { x.assign(std::vector<double>(4, 2.0)); }), DeviceError);
  capture.record([&] { x = ops::add(x, x); });
  capture.replay();
  EXPECT_EQ(x.to_vector<double>(), std::vector<double>(4, 2.0));
}

TEST(EmulatedDeathTest, HostReadsFault) {
  if (!available(Device::emulated())) GTEST_SKIP();
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const Tensor x = Tensor::full(2, 3, 5, DType::f64, nullptr, Device::emulated());
  EXPECT_EQ(x.to_vector<double>(), std::vector<double>(6, 5.0));
  EXPECT_DEATH(static_cast<void>(*static_cast<volatile double*>(x.data())), "");
}

}  // namespace
}  // namespace halograph::testing
