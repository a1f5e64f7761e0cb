// SPDX-License-Identifier: BSD-3-Clause
// Clipped gradients against their formulas, number by number.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/optim/clip.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

Tensor row(const std::vector<double>& values, DType dtype, Device device) {
  return Tensor::from(values, 1, std::int64_t(values.size()), dtype, nullptr, device);
}

class Clipping : public ::testing::TestWithParam<std::tuple<DType, Device>> {
 protected:
  Tensor of(const std::vector<double>& values) const { return row(values, dtype(), std::get<1>(GetParam())); }
  DType dtype() const { return std::get<0>(GetParam()); }
};

TEST_P(Clipping, NormIsTheLengthOfAllTogether) {
  EXPECT_EQ(optim::norm(std::vector{of({3}), of({-4})}), 5);
  EXPECT_EQ(optim::norm(std::vector{of({2, -4, 4}), of({}), of({8})}), 10);
  EXPECT_EQ(optim::norm({}), 0);
}

// Powers of two keep every step exact: nothing may be added to the norm or to the limit.
TEST_P(Clipping, ByNormScalesToExactlyTheLimit) {
  std::vector<Tensor> gradients{of({3, 0}), of({-4})};
  EXPECT_EQ(optim::clip_by_norm(gradients, 2.5), 5);
  EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{1.5, 0}));
  EXPECT_EQ(gradients[1].to_vector<double>(), (std::vector<double>{-2}));
  EXPECT_EQ(optim::norm(gradients), 2.5);
}

TEST_P(Clipping, ByNormOfTinyGradientsIsExactToo) {
  std::vector<Tensor> gradients{of({3 * 0x1p-30, 4 * 0x1p-30})};
  EXPECT_EQ(optim::clip_by_norm(gradients, 5 * 0x1p-32), 5 * 0x1p-30);
  EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{3 * 0x1p-32, 4 * 0x1p-32}));
}

TEST_P(Clipping, ByNormMultipliesByLimitOverNorm) {
  const std::vector<double> a{0.3, -1.7, 2.9}, b{11.5, 0.001};
  std::vector<Tensor> gradients{of(a), of(b)};
  double square = 0;
  for (const Tensor& gradient : gradients)
    for (const double x : gradient.to_vector<double>()) square += x * x;
  const double before = optim::clip_by_norm(gradients, 0.7), tolerance = dtype() == DType::f64 ? 1e-15 : 2e-7;
  EXPECT_NEAR(before, std::sqrt(square), 1e-14 * before);
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_NEAR(gradients[0].to_vector<double>()[i], a[i] * 0.7 / before, tolerance);
  for (std::size_t i = 0; i < b.size(); ++i)
    EXPECT_NEAR(gradients[1].to_vector<double>()[i], b[i] * 0.7 / before, tolerance);
}

TEST_P(Clipping, ByNormLeavesWhatIsShortEnough) {
  for (const double limit : {5.0, 5.5, 1e6}) {
    std::vector<Tensor> gradients{of({3, 4})};
    EXPECT_EQ(optim::clip_by_norm(gradients, limit), 5);
    EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{3, 4}));
  }
}

TEST_P(Clipping, ByValueLimitsEveryElement) {
  std::vector<Tensor> gradients{of({-2, -0.5, -0.25, 0, 0.25, 0.5, 2}), of({1000})};
  optim::clip_by_value(gradients, 0.5);
  EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{-0.5, -0.5, -0.25, 0, 0.25, 0.5, 0.5}));
  EXPECT_EQ(gradients[1].to_vector<double>(), (std::vector<double>{0.5}));
}

TEST_P(Clipping, ByValueKeepsNaN) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  std::vector<Tensor> gradients{of({nan, -infinite, infinite, 1})};
  optim::clip_by_value(gradients, 2);
  const std::vector<double> limited = gradients[0].to_vector<double>();
  EXPECT_TRUE(std::isnan(limited[0]));
  EXPECT_EQ(std::vector<double>(limited.begin() + 1, limited.end()), (std::vector<double>{-2, 2, 1}));
}

TEST_P(Clipping, TakesPartsOfWiderTensors) {
  const Tensor wide =
      Tensor::from(std::vector<double>{9, 3, 9, 9, 4, 9}, 2, 3, dtype(), nullptr, std::get<1>(GetParam()));
  std::vector<Tensor> gradients{wide.column_view(1, 1)};
  EXPECT_EQ(optim::clip_by_norm(gradients, 2.5), 5);
  EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{1.5, 2}));
  gradients = {wide.column_view(1, 1)};
  optim::clip_by_value(gradients, 3.5);
  EXPECT_EQ(gradients[0].to_vector<double>(), (std::vector<double>{3, 3.5}));
}

TEST_P(Clipping, RefusesLimitsAndTensorsWithoutMeaning) {
  std::vector<Tensor> gradients{of({3, 4})};
  for (const double limit : {0.0, -1.0}) {
    EXPECT_THROW(optim::clip_by_norm(gradients, limit), UsageError);
    EXPECT_THROW(optim::clip_by_value(gradients, limit), UsageError);
  }
  const Graph graph = make_graph(Communicator(), {40, 200, 7}, Device::host());
  for (const Tensor& bad : {Tensor(), Tensor::zeros(graph.n_nodes(), 2, DType::f32, graph.nodes(), Device::host())}) {
    std::vector<Tensor> list{bad};
    EXPECT_THROW(optim::norm(list), UsageError);
    EXPECT_THROW(optim::clip_by_norm(list, 1), UsageError);
    EXPECT_THROW(optim::clip_by_value(list, 1), UsageError);
  }
}

INSTANTIATE_TEST_SUITE_P(All, Clipping,
                         ::testing::Combine(::testing::Values(DType::f32, DType::f64),
                                            ::testing::Values(Device::host(), Device::guarded())));

}  // namespace
}  // namespace halograph::testing
