// SPDX-License-Identifier: BSD-3-Clause
// The random kernel is Philox4x32-10 on (row id, column, stream) under the seed.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

#include <kernels/kernels.hpp>

namespace halograph::testing {
namespace {

using Words = std::array<std::uint32_t, 4>;

/// One round a line of the paper, apart from the kernel.
Words philox(Words c, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ull * c[0], p1 = 0xCD9E8D57ull * c[2];
    const std::uint32_t hi0 = std::uint32_t(p0 >> 32), lo0 = std::uint32_t(p0), hi1 = std::uint32_t(p1 >> 32),
                        lo1 = std::uint32_t(p1);
    c = {hi1 ^ c[1] ^ key[0], lo1, hi0 ^ c[3] ^ key[1], lo0};
    key[0] += 0x9E3779B9u;
    key[1] += 0xBB67AE85u;
  }
  return c;
}

double uniform_of(const Words& bits) { return std::ldexp(double((std::uint64_t(bits[0]) << 32 | bits[1]) >> 11), -53); }

std::vector<double> draw(kernels::RandomTask::Law law, std::uint64_t seed, std::uint64_t stream,
                         const std::vector<std::int64_t>& ids, std::int64_t cols, double low = 0, double high = 1) {
  std::vector<double> values(ids.size() * std::size_t(cols));
  kernels::table(Device::host())
      .random({law,
               seed,
               stream,
               ids.data(),
               low,
               high,
               {values.data(), DType::f64, std::int64_t(ids.size()), cols, cols}});
  return values;
}
constexpr auto uniform = kernels::RandomTask::Law::uniform;
constexpr auto normal = kernels::RandomTask::Law::normal;

// The vectors that come with Random123.
TEST(RandomKernel, ReferenceKnowsThePublishedVectors) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}), (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(RandomKernel, CounterHoldsRowColumnAndStream) {
  EXPECT_EQ(draw(uniform, 0, 0, {0}, 1)[0], uniform_of({0x6627e8d5, 0xe169c58d, 0, 0}));
  const std::int64_t id = 0x05a308d3243f6a88;
  const std::uint64_t seed = 0x299f31d0a4093822, stream = 0x3707344;
  const std::vector<double> found = draw(uniform, seed, stream, {id, 3}, 5);
  for (std::uint32_t c = 0; c < 5; ++c) {
    EXPECT_EQ(found[c], uniform_of(philox({0x243f6a88, 0x05a308d3, c, 0x3707344}, {0xa4093822, 0x299f31d0})));
    EXPECT_EQ(found[5 + c], uniform_of(philox({3, 0, c, 0x3707344}, {0xa4093822, 0x299f31d0})));
  }
}

TEST(RandomKernel, ValuesBelongToRowsWhereverTheyStand) {
  std::vector<std::int64_t> ids, some;
  for (std::int64_t i = 0; i < 100; ++i) ids.push_back(i * 37 % 100);
  for (std::int64_t i = 60; i < 71; ++i) some.push_back(ids[std::size_t(i)]);
  for (const auto law : {uniform, normal}) {
    const std::vector<double> all = draw(law, 1, 2, ids, 7), part = draw(law, 1, 2, some, 7);
    EXPECT_EQ(part, std::vector<double>(all.begin() + 60 * 7, all.begin() + 71 * 7));
  }
  EXPECT_NE(draw(uniform, 1, 2, ids, 1), draw(uniform, 1, 3, ids, 1));
  EXPECT_NE(draw(uniform, 1, 2, ids, 1), draw(uniform, 2, 2, ids, 1));
}

TEST(RandomKernel, MomentsAreThoseOfTheLaw) {
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < 50000; ++i) ids.push_back(i);
  const auto moments = [&](const std::vector<double>& x) {
    std::array<double, 3> m{};
    for (const double v : x) m[0] += v / double(x.size());
    for (const double v : x)
      m[1] += (v - m[0]) * (v - m[0]) / double(x.size()), m[2] += std::pow(v - m[0], 4) / double(x.size());
    return m;
  };
  // Five standard errors of 200000 values.
  const auto u = moments(draw(uniform, 9, 0, ids, 4, -1, 3));
  EXPECT_NEAR(u[0], 1, 0.013);
  EXPECT_NEAR(u[1], 16.0 / 12, 0.0134);
  const auto n = moments(draw(normal, 9, 0, ids, 4, 2, 3));
  EXPECT_NEAR(n[0], 2, 0.034);
  EXPECT_NEAR(n[1], 9, 0.142);
  EXPECT_NEAR(n[2] / 81, 3, 0.11);
}

}  // namespace
}  // namespace halograph::testing
