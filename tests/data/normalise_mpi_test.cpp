// SPDX-License-Identifier: BSD-3-Clause
// Statistics, scales and standardised values from the definitions, summed in long double over the undistributed rows.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include <halograph/data/normalise.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/partition.hpp>

namespace halograph::data {
namespace {

/// The value of a channel at a node in a frame.
using Value = std::function<double(std::int64_t node, std::int64_t channel, std::int64_t frame)>;

class Normalise : public testing::Test {
 protected:
  void SetUp() override {
    slab = spectral_box({{2, 2, 1}, 2}, world.rank(), world.size());
    partition(world, slab, coordinate_bisection({5}));
    rows.emplace(distribute(world, slab));
    n = world.sum(std::int64_t(slab.node_id.size()));
  }

  std::vector<Tensor> frames_of(const Value& value, std::int64_t channels, std::int64_t frames,
                                DType dtype = DType::f64) const {
    std::vector<Tensor> all;
    for (std::int64_t k = 0; k < frames; ++k) {
      std::vector<double> values;
      for (const std::int64_t id : slab.node_id)
        for (std::int64_t c = 0; c < channels; ++c) values.push_back(value(id, c, k));
      all.push_back(Tensor::from(rows->nodes.forward(values, channels), rows->graph.n_nodes(), channels, dtype,
                                 rows->graph.nodes()));
    }
    return all;
  }

  /// One channel, two frames.
  Statistics of(const std::function<double(std::int64_t node)>& value) const {
    return statistics(frames_of([&](auto node, auto, auto) { return value(node); }, 1, 2));
  }

  void expect_constant(const std::function<double(std::int64_t node)>& value, bool constant) const {
    const Statistics found = of(value);
    EXPECT_EQ(found.deviation[0] == 0, constant) << found.deviation[0];
    EXPECT_EQ(scales(found)[0] == 1, constant);
  }

  Communicator world{MPI_COMM_WORLD};
  GraphSlab slab;
  std::optional<DistributedGraph> rows;
  std::int64_t n = 0;
};

double wave(std::int64_t node, std::int64_t channel, std::int64_t frame) {
  return std::sin(0.7 * double(node) + double(channel)) * std::pow(10.0, double(channel) - 1) + 3.0 * double(frame) -
         double(channel);
}

TEST_F(Normalise, StatisticsAreThoseOfThePopulation) {
  constexpr std::int64_t channels = 3, frames = 4;
  const Statistics found = statistics(frames_of(wave, channels, frames));
  ASSERT_EQ(found.mean.size(), std::size_t(channels));
  for (std::int64_t c = 0; c < channels; ++c) {
    long double sum = 0, square = 0;
    double smallest = std::numeric_limits<double>::infinity(), largest = -smallest;
    const auto each = [&](auto see) {
      for (std::int64_t k = 0; k < frames; ++k)
        for (std::int64_t node = 0; node < n; ++node) see(wave(node, c, k));
    };
    each([&](double x) {
      sum += x;
      smallest = std::min(smallest, x);
      largest = std::max(largest, x);
    });
    const long double mean = sum / (long double)(n * frames);
    each([&](double x) { square += (x - mean) * (x - mean); });
    const double deviation = double(std::sqrt(square / (long double)(n * frames)));  // not n * frames - 1
    EXPECT_NEAR(found.mean[std::size_t(c)], double(mean), 1e-14 * std::abs(double(mean)));
    EXPECT_NEAR(found.deviation[std::size_t(c)], deviation, 1e-14 * deviation);
    EXPECT_EQ(found.range.smallest[std::size_t(c)], smallest);
    EXPECT_EQ(found.range.largest[std::size_t(c)], largest);
  }
}

TEST_F(Normalise, StandardisesAndRestoresByTheFormula) {
  const auto frames = frames_of(wave, 3, 2);
  const Statistics s = statistics(frames);
  const std::vector<double> raw = frames[1].to_vector<double>();
  const std::vector<double> f64 = standardise(frames[1], s, DType::f64).to_vector<double>();
  const Tensor single = standardise(frames[1], s, DType::f32);
  const std::vector<float> f32 = single.to_vector<float>();
  const std::vector<double> back = restore(standardise(frames[1], s, DType::f64), s).to_vector<double>();
  for (std::size_t i = 0; i < raw.size(); ++i) {
    EXPECT_EQ(f64[i], (raw[i] - s.mean[i % 3]) / (s.deviation[i % 3] + 1e-12));
    EXPECT_EQ(f32[i], float(f64[i]));
    EXPECT_NEAR(back[i], raw[i], 1e-14 * (std::abs(s.mean[i % 3]) + std::abs(raw[i])));
  }
  const std::vector<double> from_f32 = restore(single, s).to_vector<double>();
  for (std::size_t i = 0; i < raw.size(); ++i)
    EXPECT_NEAR(from_f32[i], raw[i], 1e-7 * (std::abs(raw[i] - s.mean[i % 3])) + 1e-14 * std::abs(raw[i]));
}

TEST_F(Normalise, ASpreadOfRoundingIsConstant) {
  const double ulp = 0x1p-52;
  expect_constant([](auto) { return 0.0; }, true);
  expect_constant([](auto) { return 100.0; }, true);
  expect_constant([](auto) { return 101325.1; }, true);
  expect_constant([](auto) { return -1e300; }, true);
  expect_constant([](auto) { return 5e-324; }, true);
  expect_constant([&](auto node) { return 101325.1 * (1 + double(node % 7) * ulp); }, true);
  expect_constant([](auto node) { return 101325.1 / 7.0 / double(node + 1) * 7.0 * double(node + 1); }, true);
  expect_constant([](auto node) { return double(std::nextafter(101325.1f, node % 2 ? 1e9f : 0.0f)); },
                  true);  // f32 in an f64 file
}

TEST_F(Normalise, ASmallSpreadThatIsRealIsKept) {
  expect_constant([](auto node) { return 100 * (1 + 1e-6 * double(node % 2)); }, false);
  expect_constant([](auto node) { return double(float(100 * (1 + 1e-6 * double(node % 3)))); },
                  false);                                                                 // numbers of f32
  expect_constant([](auto node) { return 1e5 + 1e-7 * std::sin(double(node)); }, false);  // not numbers of f32
  expect_constant([](auto node) { return node == 3 ? 1.0 : 0.0; }, false);
  expect_constant([](auto node) { return 1e-15 * double(node); }, false);
  expect_constant([](auto node) { return 1e-200 * double(node); }, false);
  expect_constant([](auto node) { return 1e300 * std::sin(double(node)); }, false);
}

TEST_F(Normalise, SmallAndLargeUnitsScaleAsTheDataDo) {
  const auto value = [](std::int64_t node) { return std::cos(double(node)); };
  const double deviation = of(value).deviation[0];
  for (const double unit : {0x1p-660, 0x1p-100, 0x1p-50, 0x1p900}) {
    const Statistics s = of([&](auto node) { return unit * value(node); });
    EXPECT_EQ(s.deviation[0], unit * deviation) << unit;  // a power of two leaves the digits
    EXPECT_EQ(scales(s)[0], unit < 1 ? s.deviation[0] : s.deviation[0] + 1e-12);
    const auto frames = frames_of([&](auto node, auto, auto) { return unit * value(node); }, 1, 1);
    const std::vector<double> raw = frames[0].to_vector<double>();
    const std::vector<double> back = restore(standardise(frames[0], s, DType::f64), s).to_vector<double>();
    for (std::size_t i = 0; i < raw.size(); ++i) EXPECT_NEAR(back[i] / unit, raw[i] / unit, 1e-14);
  }
}

TEST_F(Normalise, AConstantChannelKeepsItsUnit) {
  const auto frames = frames_of([](auto, auto, auto) { return 101325.1; }, 1, 2);
  const Statistics s = statistics(frames);
  const auto other = frames_of([](auto, auto, auto) { return 101326.1; }, 1, 1);
  for (const double value : standardise(frames[0], s, DType::f64).to_vector<double>()) EXPECT_NEAR(value, 0, 1e-9);
  for (const double value : standardise(other[0], s, DType::f64).to_vector<double>()) EXPECT_NEAR(value, 1, 1e-9);
  for (const double value : restore(standardise(other[0], s, DType::f64), s).to_vector<double>())
    EXPECT_NEAR(value, 101326.1, 1e-9);
}

TEST_F(Normalise, IsTheSameForAFieldOfF32) {
  const Statistics s = statistics(frames_of(wave, 2, 2, DType::f32));
  const Statistics wide =
      statistics(frames_of([](auto node, auto c, auto k) { return double(float(wave(node, c, k))); }, 2, 2));
  EXPECT_EQ(s.mean, wide.mean);
  EXPECT_EQ(s.deviation, wide.deviation);
  EXPECT_EQ(s.range.largest, wide.range.largest);
}

TEST_F(Normalise, RefusesWhatHasNoMean) {
  EXPECT_THROW(of([](auto) { return 1e308; }), UsageError);
  EXPECT_THROW(statistics({}), UsageError);
}

}  // namespace
}  // namespace halograph::data
