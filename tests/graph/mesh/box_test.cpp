// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/mesh/box.hpp>

#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <utility>

#include <halograph/core/error.hpp>

#include "tests/support/shared_data.hpp"

namespace halograph::test {
namespace {

using Edges = std::vector<std::pair<std::int64_t, std::int64_t>>;  // (target, source)

/// The box element by element: points merged by their lattice position, edges by a set.
Edges naive_edges(const BoxOptions& box) {
  std::array<std::int64_t, 3> size{};
  for (std::size_t a = 0; a < 3; ++a) size[a] = box.elements[a] * box.order + (box.periodic[a] ? 0 : 1);
  std::set<std::pair<std::int64_t, std::int64_t>> edges;
  const std::int64_t p = box.order;
  const auto id = [&](std::array<std::int64_t, 3> at) {
    return at[0] % size[0] + size[0] * (at[1] % size[1] + size[1] * (at[2] % size[2]));
  };
  std::array<std::int64_t, 3> e{}, q{};
  for (e[2] = 0; e[2] < box.elements[2]; ++e[2])
    for (e[1] = 0; e[1] < box.elements[1]; ++e[1])
      for (e[0] = 0; e[0] < box.elements[0]; ++e[0])
        for (q[2] = 0; q[2] <= p; ++q[2])
          for (q[1] = 0; q[1] <= p; ++q[1])
            for (q[0] = 0; q[0] <= p; ++q[0])
              for (std::size_t a = 0; a < 3; ++a) {
                if (q[a] == p) continue;
                std::array<std::int64_t, 3> here{}, next{};
                for (std::size_t b = 0; b < 3; ++b) here[b] = next[b] = e[b] * p + q[b];
                ++next[a];
                if (id(here) == id(next)) continue;
                edges.insert({id(here), id(next)});
                edges.insert({id(next), id(here)});
              }
  return {edges.begin(), edges.end()};
}

GraphSlab concatenated(const BoxOptions& box, int parts) {
  GraphSlab all;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  for (int part = 0; part < parts; ++part) {
    const GraphSlab slab = spectral_box(box, part, parts);
    for (std::int64_t target : slab.edge_target) EXPECT_TRUE(std::ranges::binary_search(slab.node_id, target));
    append(all.node_id, slab.node_id);
    append(all.position, slab.position);
    append(all.edge_source, slab.edge_source);
    append(all.edge_target, slab.edge_target);
    append(all.edge_id, slab.edge_id);
  }
  return all;
}

const std::vector<BoxOptions> boxes{
    {},
    {{1, 1, 1}, 1, {true, true, true}},
    {{1, 1, 1}, 1, {false, false, false}},
    {{2, 1, 3}, 1, {true, true, true}},
    {{1, 2, 1}, 2, {true, false, true}},
    {{3, 2, 1}, 2, {false, true, false}},
    {{2, 2, 2}, 1, {true, true, false}},
    {{1, 3, 2}, 4, {true, false, true}, {0, 1, -5}, {1, 3, 7}},
    {{1, 1, 5}, 3, {false, false, true}},
    {{2, 3, 2}, 5, {false, false, false}},
};

TEST(SpectralBox, HasTheEdgesOfItsElements) {
  for (const BoxOptions& box : boxes) {
    SCOPED_TRACE(cat(box.elements[0], "x", box.elements[1], "x", box.elements[2], " order ", box.order));
    const Edges expected = naive_edges(box);
    const GraphSlab slab = spectral_box(box, 0, 1);
    ASSERT_EQ(slab.edge_id.size(), expected.size());
    for (std::size_t e = 0; e < expected.size(); ++e) {
      ASSERT_EQ(slab.edge_id[e], std::int64_t(e));
      ASSERT_EQ(slab.edge_target[e], expected[e].first);
      ASSERT_EQ(slab.edge_source[e], expected[e].second);
    }
    for (std::size_t a = 0; a < 3; ++a) EXPECT_EQ(slab.period[a], box.periodic[a] ? box.upper[a] - box.lower[a] : 0);
  }
}

TEST(SpectralBox, SlabsFollowOneAnother) {
  for (const BoxOptions& box : boxes) {
    const GraphSlab whole = spectral_box(box, 0, 1);
    for (int parts : {2, 3, 4, 5, 1999}) {
      SCOPED_TRACE(parts);
      const GraphSlab all = concatenated(box, parts);
      EXPECT_EQ(all.node_id, whole.node_id);
      EXPECT_EQ(all.edge_source, whole.edge_source);
      EXPECT_EQ(all.edge_target, whole.edge_target);
      EXPECT_EQ(all.edge_id, whole.edge_id);
      ASSERT_EQ(all.position.size(), whole.position.size());
      EXPECT_EQ(std::memcmp(all.position.data(), whole.position.data(), all.position.size() * sizeof(double)), 0);
    }
  }
}

/// P_n'(x) by its own recurrence, apart from the one in the library.
double legendre_slope(int n, double x) {
  double slope = 0, value = 1;  // of P_0
  for (int k = 1; k <= n; ++k) {
    const double next = k * value + x * slope;  // P_k' = k P_{k-1} + x P_{k-1}'
    double p0 = 1, p1 = x;
    for (int m = 2; m <= k; ++m) p0 = std::exchange(p1, ((2 * m - 1) * x * p1 - (m - 1) * p0) / m);
    value = p1;
    slope = next;
  }
  return slope;
}

TEST(SpectralBox, CellsFillTheLatticeAndDoNotCrossItsEnds) {
  BoxOptions box;
  box.elements = {2, 1, 1};
  box.order = 2;
  box.periodic = {true, false, false};
  GraphSlab slab = spectral_box(box, 0, 1);
  add_cells(box, slab);
  ASSERT_EQ(lattice_of(box), (std::array<std::int64_t, 3>{4, 3, 3}));
  EXPECT_EQ(slab.cell_type, std::vector<std::uint8_t>(3 * 2 * 2, 12));
  EXPECT_EQ(slab.cell_offset.back(), 12 * 8);
  EXPECT_EQ(std::vector<std::int64_t>(slab.cell_node.begin(), slab.cell_node.begin() + 8),
            (std::vector<std::int64_t>{0, 1, 5, 4, 12, 13, 17, 16}));
  double volume = 0;
  for (std::size_t c = 0; c < slab.cell_type.size(); ++c) {
    const auto at = [&](std::size_t corner, int axis) {
      return slab.position[std::size_t(slab.cell_node[8 * c + corner]) * 3 + std::size_t(axis)];
    };
    volume += (at(6, 0) - at(0, 0)) * (at(6, 1) - at(0, 1)) * (at(6, 2) - at(0, 2));
  }
  const double length = box.upper[0] - box.lower[0];
  EXPECT_NEAR(volume, 0.75 * length * length * length, 1e-12 * volume);
}

TEST(SpectralBox, GaussLobattoPointsAreZerosOfTheSlope) {
  EXPECT_EQ(gauss_lobatto_points(1), (std::vector<double>{-1, 1}));
  EXPECT_EQ(gauss_lobatto_points(2), (std::vector<double>{-1, 0, 1}));
  EXPECT_NEAR(gauss_lobatto_points(3)[2], std::sqrt(0.2), 1e-16);
  EXPECT_NEAR(gauss_lobatto_points(4)[3], std::sqrt(3.0 / 7), 2e-16);
  EXPECT_NEAR(gauss_lobatto_points(5)[3], std::sqrt(1.0 / 3 - 2 * std::sqrt(7.0) / 21), 2e-16);
  for (int order = 1; order <= 64; ++order) {
    const auto points = gauss_lobatto_points(order);
    ASSERT_EQ(points.size(), std::size_t(order) + 1);
    EXPECT_EQ(points.front(), -1);
    for (int i = 0; i <= order; ++i) EXPECT_EQ(points[std::size_t(i)], -points[std::size_t(order - i)]);
    for (int i = 0; i < order; ++i) EXPECT_LT(points[std::size_t(i)], points[std::size_t(i) + 1]);
    for (int i = 1; i < order; ++i) {
      const double x = points[std::size_t(i)], h = 2e-15;
      EXPECT_LT(legendre_slope(order, x - h) * legendre_slope(order, x + h), 0) << order << " " << i;
    }
  }
  EXPECT_THROW(gauss_lobatto_points(0), UsageError);
  EXPECT_THROW(gauss_lobatto_points(65), UsageError);
}

TEST(SpectralBox, PositionsSpanTheDomain) {
  const BoxOptions box{{2, 3, 1}, 3, {false, true, false}, {0, -1, 2}, {0.1, 1, 5}};
  const GraphSlab slab = spectral_box(box, 0, 1);
  const auto points = gauss_lobatto_points(3);
  for (std::size_t n = 0; n < slab.node_id.size(); ++n) {
    const std::array<std::size_t, 3> at{n % 7, n / 7 % 9, n / 63};
    for (std::size_t a = 0; a < 3; ++a) {
      const double h = (box.upper[a] - box.lower[a]) / double(box.elements[a]);
      const double expected = box.lower[a] + h * (double(at[a] / 3) + (1 + points[at[a] % 3]) / 2);
      EXPECT_NEAR(slab.position[3 * n + a], expected, 1e-15);
    }
  }
  EXPECT_EQ(*std::max_element(slab.position.begin(), slab.position.end()), 5.0);
}

TEST(SpectralBox, PartsOfAHugeBoxComeAlone) {
  const BoxOptions box{{2000, 2000, 2000}, 7, {true, false, true}};
  const auto size = lattice_of(box);
  const std::int64_t n = size[0] * size[1] * size[2];
  const GraphSlab last = spectral_box(box, 1999999999, 2000000000);
  EXPECT_EQ(last.node_id.back(), n - 1);
  // Six edges a node but for the two faces that close the y axis.
  EXPECT_EQ(last.edge_id.back(), 6 * n - 2 * size[0] * size[2] - 1);
  const GraphSlab before = spectral_box(box, 1999999998, 2000000000);
  EXPECT_EQ(before.edge_id.back() + 1, last.edge_id.front());
}

TEST(SpectralBox, RefusesWhatIsNoBox) {
  const auto refuses = [](BoxOptions box, int part = 0, int parts = 1) {
    EXPECT_THROW(spectral_box(box, part, parts), UsageError);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  const std::int64_t big = std::numeric_limits<std::int64_t>::max();
  refuses({{0, 1, 1}});
  refuses({{1, -1, 1}});
  refuses({{1, 1, 1}, 0});
  refuses({{1, 1, 1}, 1000});
  refuses({{big, 1, 1}, 3});
  refuses({{big, big, big}, 1});
  refuses({{big / 2, 3, 1}, 1});
  refuses({{1 << 21, 1 << 21, 1 << 21}, 1});
  refuses({{1 << 20, 1 << 20, 1}, 1});  // a box, but not for one part
  refuses({{1, 1, 1}, 1, {}, {0, 0, 0}, {1, 0, 1}});
  refuses({{1, 1, 1}, 1, {}, {0, nan, 0}, {1, 1, 1}});
  refuses({{1, 1, 1}, 1, {}, {0, 0, 0}, {1, infinity, 1}});
  refuses({}, 1, 1);
  refuses({}, -1, 1);
}

TEST(TaylorGreen, IsTheFieldItsFormulaSays) {
  GraphSlab slab = spectral_box({{2, 2, 2}, 2}, 1, 3);
  const std::vector<double> times{0, 0.5};
  add_taylor_green(slab, times, 0.1);
  ASSERT_EQ(slab.fields.size(), 2u);
  EXPECT_EQ(slab.times, times);
  const SlabField &velocity = slab.fields[0], &pressure = slab.fields[1];
  EXPECT_EQ(velocity.name, "velocity");
  EXPECT_EQ(velocity.channels, 3);
  EXPECT_EQ(velocity.frames, 2);
  EXPECT_EQ(pressure.name, "pressure");
  EXPECT_EQ(pressure.channels, 1);
  const std::size_t n = slab.node_id.size();
  ASSERT_EQ(velocity.values.size(), 6 * n);
  ASSERT_EQ(pressure.values.size(), 2 * n);
  for (std::size_t f = 0; f < 2; ++f)
    for (std::size_t i = 0; i < n; ++i) {
      const double x = slab.position[3 * i], y = slab.position[3 * i + 1], z = slab.position[3 * i + 2];
      const double decay = f == 0 ? 1 : std::exp(-0.15);
      EXPECT_NEAR(velocity.values[3 * (f * n + i)], decay * std::sin(x) * std::cos(y) * std::cos(z), 1e-15);
      EXPECT_NEAR(velocity.values[3 * (f * n + i) + 1], -decay * std::cos(x) * std::sin(y) * std::cos(z), 1e-15);
      EXPECT_EQ(velocity.values[3 * (f * n + i) + 2], 0);
      const double p = (std::cos(2 * x) + std::cos(2 * y)) * (std::cos(2 * z) + 2) / 16;
      EXPECT_NEAR(pressure.values[f * n + i], decay * decay * p, 1e-15);
    }
  EXPECT_THROW(add_taylor_green(slab, times), UsageError);  // twice
}

TEST(TaylorGreen, RefusesWhatDoesNotFit) {
  GraphSlab slab = spectral_box({{1, 1, 1}, 2}, 0, 1);
  const std::vector<double> none, one{0}, bad{std::numeric_limits<double>::infinity()};
  EXPECT_THROW(add_taylor_green(slab, none), UsageError);
  EXPECT_THROW(add_taylor_green(slab, bad), UsageError);
  EXPECT_THROW(add_taylor_green(slab, one, -1), UsageError);
  slab.times = {1};
  EXPECT_THROW(add_taylor_green(slab, one), UsageError);
  slab.times.clear();
  slab.dimension = 2;
  EXPECT_THROW(add_taylor_green(slab, one), UsageError);
  EXPECT_TRUE(slab.fields.empty());
}

template <class T>
std::vector<T> read_data(hid_t file, const char* name, hid_t type) {
  const hid_t data = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(data);
  std::vector<T> values(std::size_t(H5Sget_simple_extent_npoints(space)));
  EXPECT_GE(H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0);
  H5Sclose(space);
  H5Dclose(data);
  return values;
}

TEST(SpectralBox, IsTheMeshOfTheReferenceCase) {
  const auto path = testing::shared_path("golden/nekrs_tgv/tgv_a.h5");
  if (const auto why = testing::shared_missing("golden/nekrs_tgv/tgv_a.h5"); !why.empty()) GTEST_SKIP() << why;
  GraphSlab box = spectral_box({}, 0, 1);
  add_taylor_green(box, std::vector<double>{0, 0.1});
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  ASSERT_GE(file, 0);
  const auto position = read_data<double>(file, "/graph/pos", H5T_NATIVE_DOUBLE);
  const auto edges = read_data<std::int64_t>(file, "/graph/edge_index", H5T_NATIVE_INT64);
  const auto velocity = read_data<double>(file, "/fields/x_raw", H5T_NATIVE_DOUBLE);
  const auto pressure = read_data<double>(file, "/fields/y2_raw", H5T_NATIVE_DOUBLE);
  H5Fclose(file);

  ASSERT_EQ(position.size(), 3u * 1728u);
  ASSERT_EQ(box.position.size(), position.size());
  for (std::size_t k = 0; k < position.size(); ++k) EXPECT_NEAR(box.position[k], position[k], 2e-15) << k;
  ASSERT_EQ(edges.size(), 2u * 10368u);
  ASSERT_EQ(box.edge_id.size(), 10368u);
  std::set<std::pair<std::int64_t, std::int64_t>> expected, found;
  for (std::size_t e = 0; e < 10368; ++e) {
    expected.insert({edges[e], edges[10368 + e]});
    found.insert({box.edge_source[e], box.edge_target[e]});
  }
  EXPECT_EQ(found, expected);
  for (std::size_t k = 0; k < velocity.size(); ++k) EXPECT_NEAR(box.fields[0].values[k], velocity[k], 4e-15) << k;
  for (std::size_t k = 0; k < pressure.size(); ++k) EXPECT_NEAR(box.fields[1].values[k], pressure[k], 2e-15) << k;
}

}  // namespace
}  // namespace halograph::test
