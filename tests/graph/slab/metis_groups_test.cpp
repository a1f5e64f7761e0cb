// SPDX-License-Identifier: BSD-3-Clause
// Contiguous runs of patches are what ranks own: they must be about as good as parts made for that
// number of ranks alone.
#include <halograph/graph/slab/partition.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "tests/support/problems/slabs.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;
using Patches = std::vector<std::int32_t>;

// Edges between different ones of `runs` equal runs of `patches` patches, both directions counted.
std::int64_t cut_of(const GraphSlab& whole, const Patches& patch, std::int64_t patches, std::int64_t runs) {
  std::map<std::int64_t, std::int64_t> run;
  for (std::size_t i = 0; i < patch.size(); ++i) run[whole.node_id[i]] = patch[i] * runs / patches;
  std::int64_t cut = 0;
  for (std::size_t e = 0; e < whole.edge_source.size(); ++e)
    cut += run.at(whole.edge_source[e]) != run.at(whole.edge_target[e]);
  return cut;
}

// 64 patches grouped into 2, 4, 8 runs against plain METIS recursion into 2, 4, 8 parts.
void expect_groups_as_good_as_direct(const GraphSlab& whole) {
  const Patches fine = metis({.patches = 64})({}, whole);
  for (std::int64_t runs : {2, 4, 8}) {
    const std::int64_t grouped = cut_of(whole, fine, 64, runs);
    const std::int64_t direct = cut_of(whole, metis({.patches = runs, .trials = 1})({}, whole), runs, runs);
    EXPECT_LE(double(grouped), 1.03 * double(direct)) << runs << " runs";
    EXPECT_GT(grouped, 0);
  }
  const auto sizes = patch_sizes(fine, 64);
  EXPECT_LE(double(*std::max_element(sizes.begin(), sizes.end())), 1.03 * double(fine.size()) / 64 + 1);
}

TEST(MetisGroups, LatticesAreAsGoodAsDirectParts) {
  expect_groups_as_good_as_direct(lattice(37, 37, 37));
  expect_groups_as_good_as_direct(lattice(60, 30, 28));
}

// The edges of an SU2 mesh as cliques of its elements: enough of a reader for the graph.
GraphSlab su2_graph(std::ifstream& file) {
  const std::map<int, int> corners{{3, 2}, {5, 3}, {9, 4}, {10, 4}, {12, 8}, {13, 6}, {14, 5}};
  GraphSlab whole;
  std::string line;
  int elements = 0, nodes = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    if (elements > 0) {
      int type = 0;
      words >> type;
      std::vector<std::int64_t> corner(std::size_t(corners.at(type)));
      for (auto& id : corner) words >> id;
      for (std::int64_t a : corner)
        for (std::int64_t b : corner) {
          whole.edge_source.push_back(a);
          whole.edge_target.push_back(b);
        }
      --elements;
    }
    if (line.rfind("NELEM=", 0) == 0) elements = std::stoi(line.substr(6));
    if (line.rfind("NPOIN=", 0) == 0) nodes = std::stoi(line.substr(6));
  }
  whole.node_id.resize(std::size_t(nodes));
  std::iota(whole.node_id.begin(), whole.node_id.end(), 0);
  return whole;
}

TEST(MetisGroups, MeshesAreAsGoodAsDirectParts) {
  if (const auto why = shared_missing("data/meshes"); !why.empty()) GTEST_SKIP() << why;
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shared_path("data/meshes"))) {
    if (entry.path().extension() != ".su2") continue;
    SCOPED_TRACE(entry.path().filename());
    std::ifstream file(entry.path());
    expect_groups_as_good_as_direct(su2_graph(file));
    ++seen;
  }
  EXPECT_GT(seen, 0);
}

}  // namespace
}  // namespace halograph
