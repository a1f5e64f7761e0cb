// SPDX-License-Identifier: BSD-3-Clause
// Searches on the devices that are here against those of the host, bit by bit: raw tasks on forests of trees and leaves
// with twins, ties, points that are no numbers and queries that have no tree.
#include "graph/neighbours/device_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <halograph/core/error.hpp>

#include "tests/support/device_arrays.hpp"
#include "tests/support/digests/bits.hpp"

namespace halograph::testing {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Points in groups, ids out of order, and what to search for.
template <class T>
struct SearchProblem {
  std::int64_t dims, queries;
  std::vector<std::int32_t> group;
  std::vector<std::int64_t> id;
  std::vector<T> point, query;
  PointTrees<T> trees;
  std::vector<std::int32_t> tree;
  std::vector<std::int64_t> except, within_id;
  std::vector<T> within;

  /// `sizes`: points of each group. side > 0: on a lattice of so many different coordinates, else at random.
  SearchProblem(std::int64_t d, const std::vector<int>& sizes, std::int64_t n_queries, int side)
      : dims(d),
        queries(n_queries),
        group(groups(sizes)),
        id(ids(group.size())),
        point(coordinates(group.size(), d, side, 1)),
        query(coordinates(std::size_t(n_queries), d, side, 2)),
        trees(spoiled(point, sizes, d), d, group, std::int64_t(sizes.size()), id) {
    std::mt19937_64 random(3);
    const auto below = [&](std::size_t n) { return std::size_t(random() % n); };
    for (std::int64_t q = 0; q < queries; ++q) {
      // Mostly in the order of the groups, some astray.
      const std::size_t g = q % 13 == 5 ? below(sizes.size()) : std::size_t(q) * sizes.size() / std::size_t(queries);
      tree.push_back(trees.root(std::int64_t(g)));
      const std::size_t p = below(group.size());
      if (q % 3 == 0) std::copy_n(&point[p * std::size_t(d)], d, &query[std::size_t(q * d)]);
      except.push_back(q % 5 == 0 ? -1 : id[p]);
      within.push_back(q % 7 == 0 ? T(infinite) : T(int(below(5))) * T(d) / 4);
      within_id.push_back(id[below(group.size())]);
    }
    if (queries > 40) {
      query[std::size_t(17 * d)] = T(not_a_number);
      query[std::size_t(18 * d)] = T(infinite);
      within[19] = T(not_a_number);
    }
  }

  static std::vector<std::int32_t> groups(const std::vector<int>& sizes) {
    std::vector<std::int32_t> all;
    for (std::size_t g = 0; g < sizes.size(); ++g) all.insert(all.end(), std::size_t(sizes[g]), std::int32_t(g));
    return all;
  }
  static std::vector<std::int64_t> ids(std::size_t n) {
    std::vector<std::int64_t> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(std::int64_t(i * 7919 % 100003));
    return all;
  }
  static std::vector<T> coordinates(std::size_t n, std::int64_t dims, int side, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> law(0, 1);
    std::vector<T> all(n * std::size_t(dims));
    for (T& x : all) x = side > 0 ? T(0.3 * double(random() % std::uint64_t(side))) : T(law(random));
    return all;
  }
  /// The last group, if it is a leaf, has points that are near nothing.
  static const std::vector<T>& spoiled(std::vector<T>& points, const std::vector<int>& sizes, std::int64_t dims) {
    if (sizes.back() > 2 && sizes.back() < 200) {
      points[points.size() - 1] = T(not_a_number);
      points[points.size() - std::size_t(dims) - 1] = T(infinite);
    }
    return points;
  }
  kernels::In matrix(const std::vector<T>& values, std::int64_t cols) const {
    return {values.data(), dtype_of<T>(), queries, cols, cols};
  }
};

template <class T>
std::pair<std::vector<T>, std::vector<std::int32_t>> nearest(const SearchProblem<T>& problem, std::int64_t k,
                                                             bool except, bool within, Device device) {
  const std::size_t size = std::size_t(problem.queries * k);
  std::pair result{std::vector<T>(size, T(-7)), std::vector<std::int32_t>(size, -7)};
  kernels::NearestTask task;
  task.query = problem.matrix(problem.query, problem.dims);
  task.tree = problem.tree.data();
  if (except) task.except = problem.except.data();
  if (within) task.within = problem.matrix(problem.within, 1);
  if (within) task.within_id = problem.within_id.data();
  task.k = k;
  task.distance = {result.first.data(), dtype_of<T>(), problem.queries, k, k};
  task.place = result.second.data();
  DeviceSearch(problem.trees, device).nearest(task);
  return result;
}

template <class T>
void expect_nearest_as_on_host(const SearchProblem<T>& problem, std::int64_t k, const std::string& what) {
  for (const bool except : {false, true})
    for (const bool within : {false, true}) {
      const auto host = nearest(problem, k, except, within, Device::host());
      for (const Device device : block_devices()) {
        const auto there = nearest(problem, k, except, within, device);
        const std::string where =
            cat(device.name(), ": ", what, ", k = ", k, except ? " except" : "", within ? " within" : "");
        EXPECT_TRUE(same_bits(there.first, host.first)) << where;
        EXPECT_EQ(there.second, host.second) << where;
      }
    }
}

/// Counts, and the places that have room.
template <class T>
std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>> within(const SearchProblem<T>& problem, double distance,
                                                                       std::int64_t room, Device device) {
  std::vector<std::int32_t> tree = problem.tree, count(tree.size(), -7), place(tree.size() * std::size_t(room), -7);
  for (std::int32_t& root : tree) root = std::max(root, problem.trees.root(0));
  kernels::WithinTask task;
  task.query = problem.matrix(problem.query, problem.dims);
  task.tree = tree.data();
  task.distance = distance;
  task.room = room;
  task.count = count.data();
  task.place = place.data();
  DeviceSearch(problem.trees, device).within(task);
  std::vector<std::int32_t> found;
  if (*std::max_element(count.begin(), count.end()) <= room)
    for (std::size_t q = 0; q < tree.size(); ++q)
      for (std::size_t i = 0; i < std::size_t(count[q]); ++i) found.push_back(place[q * std::size_t(room) + i]);
  return {count, found};
}

template <class T>
void expect_within_as_on_host(const SearchProblem<T>& problem, double distance, const std::string& what) {
  const auto host = within(problem, distance, 0, Device::host());
  const std::int64_t most = *std::max_element(host.first.begin(), host.first.end());
  const auto all = within(problem, distance, most, Device::host());
  for (const Device device : block_devices()) {
    const std::string where = cat(device.name(), ": ", what, ", distance ", distance);
    EXPECT_EQ(within(problem, distance, most / 2, device).first, host.first) << where;
    EXPECT_EQ(within(problem, distance, most, device), all) << where;
  }
}

/// Groups that are trees, where the dimensions allow it, and leaves; one group is empty.
const std::vector<int> mixed{700, 40, 0, 1, 300, 90, 17};

template <class T>
void search_in_many_dimensions() {
  for (const std::int64_t dims : {1, 2, 3, 5, 8, 9, 20, 64}) {
    const SearchProblem<T> random(dims, mixed, 190, 0), ties(dims, mixed, 190, dims < 4 ? 5 : 2);
    for (const std::int64_t k : {1, 4, 33}) {
      expect_nearest_as_on_host(random, k, cat(dims, " dimensions"));
      expect_nearest_as_on_host(ties, k, cat("lattice in ", dims, " dimensions"));
    }
    for (const double distance : {0.0, 0.09, 0.3 * double(dims), infinite}) {
      expect_within_as_on_host(random, distance, cat(dims, " dimensions"));
      expect_within_as_on_host(ties, distance, cat("lattice in ", dims, " dimensions"));
    }
  }
}

TEST(DeviceSearch, FindsTheHostsNeighboursInManyDimensions) {
  search_in_many_dimensions<float>();
  search_in_many_dimensions<double>();
}

template <class T>
void search_for_many() {
  const SearchProblem<T> in_three(3, mixed, 100, 0), in_twelve(12, mixed, 100, 3), twins(2, {400, 100}, 70, 1);
  for (const std::int64_t k : {2, 15, 16, 17, 31, 32, 64, 100, 1500}) {
    expect_nearest_as_on_host(in_three, k, "3 dimensions");
    expect_nearest_as_on_host(in_twelve, k, "12 dimensions");
    expect_nearest_as_on_host(twins, k, "all equal");
  }
}

TEST(DeviceSearch, FindsAsManyAsAreAskedFor) {
  search_for_many<float>();
  search_for_many<double>();
}

TEST(DeviceSearch, TakesAnyNumberOfDimensionsAndQueries) {
  expect_nearest_as_on_host(SearchProblem<float>(700, {60, 30}, 45, 0), 5, "700 dimensions");
  expect_nearest_as_on_host(SearchProblem<double>(300, {60, 30}, 45, 0), 5, "300 dimensions");
  for (const std::int64_t queries : {0, 1, 2, 63, 64, 65, 128, 129})
    expect_nearest_as_on_host(SearchProblem<float>(3, mixed, queries, 0), 6, cat(queries, " queries"));
  const SearchProblem<double> none(3, {5}, 0, 0);
  EXPECT_NO_THROW(for (const Device device : block_devices()) DeviceSearch(none.trees, device).within({}));
}

}  // namespace
}  // namespace halograph::testing
