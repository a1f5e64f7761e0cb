// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/setup/solver_graph.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>

#include <halograph/graph/setup/distribute.hpp>

#include "tests/support/golden/nekrs_piece.hpp"
#include "tests/support/problems/whole_graph.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

/// What a solver holds, with memory of its own.
struct Part {
  std::vector<std::int64_t> node_id, edge_id;
  std::vector<int> owner;
  std::vector<std::int32_t> edge_source, edge_target, patch;
  std::int64_t n_patches = 0;
  bool coalesce = true;

  SolverPartition view() const {
    return {node_id, owner, edge_source, edge_target, edge_id, patch, n_patches, coalesce};
  }
};

/// First patch of each rank where rank r owns the patches that r / ranks of all come before.
int owner_of_patch(std::int64_t patch, std::int64_t n_patches, int ranks) { return int(patch * ranks / n_patches); }

/// Nodes with their owners and as copies elsewhere, some twice on a rank; edges on any rank that
/// lists both ends, and where `repeated`, on several.
Part part_of(const WholeGraph& whole, int rank, int ranks, std::uint64_t seed, bool repeated) {
  std::mt19937_64 random(seed), shuffle(seed + std::uint64_t(rank));
  Part part;
  part.n_patches = whole.n_patches;
  part.coalesce = repeated;
  const auto owner = [&](std::int64_t id) { return owner_of_patch(whole.patch.at(id), whole.n_patches, ranks); };
  std::vector<std::int64_t> ids;
  std::vector<WholeEdge> edges;
  for (const auto& [id, patch] : whole.patch)
    if (owner(id) == rank) ids.push_back(id);
  for (const WholeEdge& edge : whole.edges) {
    const std::uint64_t holder = random() % std::uint64_t(ranks), second = random() % std::uint64_t(ranks);
    const bool here = int(holder) == rank || (repeated && int(second) == rank);
    if (!here) continue;
    edges.push_back(edge);
    if (repeated && shuffle() % 4 == 0) edges.push_back(edge);
    for (const std::int64_t end : {edge.source, edge.target})
      if (owner(end) != rank || shuffle() % 6 == 0) ids.push_back(end);
  }
  std::shuffle(ids.begin(), ids.end(), shuffle);
  std::shuffle(edges.begin(), edges.end(), shuffle);
  std::map<std::int64_t, std::vector<std::int32_t>> local;
  for (const std::int64_t id : ids) {
    local[id].push_back(std::int32_t(part.node_id.size()));
    part.node_id.push_back(id);
    part.owner.push_back(owner(id));
    part.patch.push_back(whole.patch.at(id));
  }
  const auto any_copy = [&](std::int64_t id) { return local.at(id)[shuffle() % local.at(id).size()]; };
  for (const WholeEdge& edge : edges) {
    part.edge_source.push_back(any_copy(edge.source));
    part.edge_target.push_back(any_copy(edge.target));
    if (!repeated) part.edge_id.push_back(edge.id);
  }
  return part;
}

void expect_maps(const SolverGraph& solver, const Part& part) {
  const Graph& graph = solver.graph();
  const std::int64_t n = std::int64_t(part.node_id.size());
  const Tensor local = Tensor::from(noise_rows(part.node_id, 3), n, 3, DType::f64);
  const Tensor rows = solver.from_local(local);
  EXPECT_EQ(rows.row_space(), graph.nodes());
  EXPECT_EQ(rows.to_vector<double>(), noise_rows(graph.node_id(), 3));
  EXPECT_EQ(solver.to_local(rows).to_vector<double>(), noise_rows(part.node_id, 3));
  // Every node's copies are counted on all ranks.
  const auto all = graph.comm().all_gather_v(std::span<const std::int64_t>(part.node_id));
  for (std::size_t i = 0; i < part.node_id.size(); ++i)
    EXPECT_EQ(solver.copies()[i], std::count(all.begin(), all.end(), part.node_id[i]));
}

TEST(SolverGraph, has_the_topology_of_the_merged_graph) {
  const Communicator comm(MPI_COMM_WORLD);
  std::uint64_t seed = 100;
  for (const std::int64_t patches : {1, 3, 8, 21}) {
    const WholeGraph whole = random_graph(++seed, 90, 700, patches);
    const Part repeated = part_of(whole, comm.rank(), comm.size(), seed, true);
    const SolverGraph merged = from_partition(comm, repeated.view());
    expect_topology(merged.graph(), coalesced(whole));
    expect_maps(merged, repeated);
    const Part single = part_of(whole, comm.rank(), comm.size(), seed, false);
    const SolverGraph kept = from_partition(comm, single.view());
    expect_topology(kept.graph(), whole);
    expect_maps(kept, single);
  }
}

TEST(SolverGraph, takes_local_nodes_from_any_device) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(41, 90, 700, 8);
  const Part part = part_of(whole, comm.rank(), comm.size(), 41, true);
  const std::int64_t n = std::int64_t(part.node_id.size());
  std::vector<Device> devices{Device::host(), Device::guarded()};
  if (available(Device::emulated())) devices.push_back(Device::emulated());
  for (const Device of_graph : devices)
    for (const Device of_values : devices) {
      const SolverGraph solver = from_partition(comm, part.view(), of_graph);
      const Tensor local = Tensor::from(noise_rows(part.node_id, 3), n, 3, DType::f32, nullptr, of_values);
      const Tensor rows = solver.from_local(local);
      EXPECT_EQ(rows.device(), of_graph);
      const std::vector<double> expected = noise_rows(solver.graph().node_id(), 3);
      EXPECT_EQ(rows.to_vector<float>(), std::vector<float>(expected.begin(), expected.end()))
          << of_values.name() << " to " << of_graph.name();
    }
}

TEST(SolverGraph, gives_nodes_to_the_lowest_rank_and_one_patch_to_each) {
  const Communicator comm(MPI_COMM_WORLD);
  WholeGraph whole = random_graph(7, 90, 700, 2 * comm.size());
  Part part = part_of(whole, comm.rank(), comm.size(), 7, true);
  part.owner.clear();
  part.patch.clear();
  const auto all = comm.all_gather_v(std::span<const std::int64_t>(part.node_id));
  std::vector<std::int64_t> count = comm.all_gather(std::int64_t(part.node_id.size()));
  std::size_t at = 0;
  whole.n_patches = comm.size();
  for (auto& [id, patch] : whole.patch) patch = -1;
  for (std::int32_t r = 0; r < comm.size(); ++r)
    for (std::int64_t i = 0; i < count[std::size_t(r)]; ++i)
      if (auto& patch = whole.patch.at(all[at++]); patch < 0) patch = r;
  const SolverGraph solver = from_partition(comm, part.view());
  expect_topology(solver.graph(), coalesced(whole));
  expect_maps(solver, part);
}

TEST(SolverGraph, allows_ranks_without_nodes) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(8, 50, 400, 4);
  Part part;
  part.n_patches = 4;
  if (comm.rank() == comm.size() / 2) part = part_of(whole, 0, 1, 8, true);
  std::fill(part.owner.begin(), part.owner.end(), comm.size() / 2);
  expect_topology(from_partition(comm, part.view()).graph(), coalesced(whole));
}

void expect_refused(bool repeated, const std::function<void(Part&)>& break_it, const std::string& text) {
  const Communicator comm(MPI_COMM_WORLD);
  const WholeGraph whole = random_graph(9, 60, 400, 8);
  Part part = part_of(whole, comm.rank(), comm.size(), 9, repeated);
  if (comm.rank() == comm.size() - 1) break_it(part);
  try {
    from_partition(comm, part.view());
    FAIL() << "no error: " << text;
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find(text), std::string::npos) << error.what();
    std::string first = error.what();
    comm.broadcast(first, 0);
    EXPECT_EQ(first, error.what());
  }
}

TEST(SolverGraph, refuses_bad_parts_on_all_ranks) {
  expect_refused(
      true, [](Part& p) { p.owner.back() = 1 << 20; }, "is not a rank");
  expect_refused(
      true, [](Part& p) { p.patch.back() = 8; }, "is not in 0..7");
  expect_refused(
      true, [](Part& p) { p.node_id.back() = -2; }, "node id -2 is negative");
  expect_refused(
      true, [](Part& p) { p.edge_source.back() = std::int32_t(p.node_id.size()); }, "has local node");
  expect_refused(
      true, [](Part& p) { p.edge_target.back() = -1; }, "has local node -1");
  expect_refused(
      true, [](Part& p) { p.owner.pop_back(); }, "owners for");
  expect_refused(
      true, [](Part& p) { p.patch.pop_back(); }, "patch numbers for");
  expect_refused(
      true, [](Part& p) { p.edge_target.pop_back(); }, "targets");
  expect_refused(
      false, [](Part& p) { p.edge_id.pop_back(); }, "need ids");
  expect_refused(
      false,
      [](Part& p) {
        p.edge_source.push_back(p.edge_source[0]);
        p.edge_target.push_back(p.edge_target[0]);
        p.edge_id.push_back(p.edge_id[0]);
      },
      "edge ids are unique");
  const Communicator comm(MPI_COMM_WORLD);
  if (comm.size() == 1) return;
  expect_refused(
      true, [](Part& p) { p.coalesce = false; }, "coalesce");
  expect_refused(
      true, [](Part& p) { p.n_patches = 9; }, "between 8 and 9 patches");
  expect_refused(
      true, [](Part& p) { p.owner.clear(); }, "some ranks give owners");
  // A copy of another rank's node that claims another patch; a node whose owner does not have it.
  const auto foreign = [last = comm.size() - 1](const Part& p) {
    return std::size_t(std::find_if(p.owner.begin(), p.owner.end(), [last](int o) { return o != last; }) -
                       p.owner.begin());
  };
  expect_refused(
      true, [&](Part& p) { p.patch[foreign(p)] ^= 1; }, "has patch");
  expect_refused(
      true, [&](Part& p) { p.owner[foreign(p)] = comm.size() - 1; }, "");
  expect_refused(
      true,
      [](Part& p) {
        p.node_id.push_back(std::int64_t(1) << 42);
        p.owner.push_back(0);
        p.patch.push_back(0);
      },
      "rank 0 owns node 4398046511104 but does not list it");
  expect_refused(
      true,
      [&](Part& p) {
        p.node_id.push_back(std::int64_t(1) << 42);
        p.owner.push_back(comm.size() - 1);
        p.patch.push_back(0);
      },
      "patches ascend with the ranks");
}

/// One rank of nekRS-ML's Taylor-Green reference: every element has its own copy of every point.
Part nekrs_part(int rank) {
  const NekrsPiece piece = read_nekrs_piece(rank);
  Part part;
  part.node_id = piece.node_id;
  part.edge_source = piece.edge_source;
  part.edge_target = piece.edge_target;
  return part;
}

TEST(SolverGraph, takes_the_two_ranks_of_nekrs) {
  if (const auto why = shared_missing("data/meshes/nekrs_tgv_2rank"); !why.empty()) GTEST_SKIP() << why;
  const Communicator comm(MPI_COMM_WORLD);
  if (comm.size() != 2) GTEST_SKIP() << "the decomposition is for 2 ranks";
  WholeGraph whole;
  whole.n_patches = 2;
  for (const int rank : {0, 1}) {
    const Part part = nekrs_part(rank);
    for (const std::int64_t id : part.node_id) whole.patch.emplace(id, rank);
    for (std::size_t e = 0; e < part.edge_source.size(); ++e)
      whole.edges.push_back({part.node_id[std::size_t(part.edge_source[e])],
                             part.node_id[std::size_t(part.edge_target[e])], std::int64_t(whole.edges.size())});
  }
  whole = coalesced(whole);
  const Part mine = nekrs_part(comm.rank());
  const SolverGraph solver = from_partition(comm, mine.view());
  EXPECT_EQ(solver.graph().nodes()->global_rows(), 1728);
  EXPECT_EQ(solver.graph().edges()->global_rows(), 10368);
  expect_topology(solver.graph(), whole);
  expect_topology(distribute(comm, slab_of(whole, comm.rank(), 2, 1)).graph, whole);
  expect_maps(solver, mine);
}

}  // namespace
}  // namespace halograph::testing
