// SPDX-License-Identifier: BSD-3-Clause
// A network inside a solver gives what prediction gives, in the solver's order and memory, and does not allocate
// tensors from one call to the next.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <new>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/device.hpp>
#include <halograph/infer/inference.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/train/model_file.hpp>
#include <halograph/train/predict.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/problems/small_training.hpp"
#include "tests/support/resident.hpp"

namespace {
std::int64_t heap_allocations = 0;
}

// Counts what goes to the heap through operator new; the others call this one. The compiler sees that a pointer from
// `new` goes to free() and warns, although this `new` takes it from malloc().
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t bytes) {
  ++heap_allocations;
  if (void* memory = std::malloc(bytes > 0 ? bytes : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace halograph {
namespace {

constexpr int patches = 6;

/// A rank's piece of the box as a solver has it: own nodes from the last to the first, then the nodes of other ranks
/// that its edges come from.
struct Piece {
  std::vector<std::int64_t> node_id, edge_id;
  std::vector<int> owner;
  std::vector<std::int32_t> patch, source, target;
  std::vector<double> position;
  std::array<double, 3> period{};
  std::vector<std::size_t> row_of_slab;  ///< of each local node

  SolverPartition view(bool with_positions = true) const {
    SolverPartition part;
    part.node_id = node_id;
    part.owner = owner;
    part.edge_source = source;
    part.edge_target = target;
    part.edge_id = edge_id;
    part.patch = patch;
    part.n_patches = patches;
    part.coalesce = false;
    if (with_positions) part.position = position;
    part.period = period;
    return part;
  }
};

GraphSlab whole_slab() {
  const Communicator alone(MPI_COMM_SELF);
  GraphSlab slab = testing::small_slab(alone);
  partition(alone, slab, coordinate_bisection({patches}));
  return slab;
}

Piece piece_of(const GraphSlab& slab, const Communicator& comm) {
  Piece piece;
  piece.period = slab.period;
  std::map<std::int64_t, std::size_t> row;
  for (std::size_t i = 0; i < slab.node_id.size(); ++i) row[slab.node_id[i]] = i;
  const auto owner = [&](std::size_t i) { return slab.patch[i] * comm.size() / patches; };
  std::map<std::int64_t, std::int32_t> local;
  const auto add = [&](std::size_t i) {
    local[slab.node_id[i]] = std::int32_t(piece.node_id.size());
    piece.node_id.push_back(slab.node_id[i]);
    piece.owner.push_back(owner(i));
    piece.patch.push_back(slab.patch[i]);
    piece.row_of_slab.push_back(i);
    piece.position.insert(piece.position.end(), &slab.position[3 * i], &slab.position[3 * i] + 3);
  };
  for (std::size_t i = slab.node_id.size(); i-- > 0;)
    if (owner(i) == comm.rank()) add(i);
  for (std::size_t e = 0; e < slab.edge_id.size(); ++e) {
    if (owner(row[slab.edge_target[e]]) != comm.rank()) continue;
    if (!local.contains(slab.edge_source[e])) add(row[slab.edge_source[e]]);
    piece.source.push_back(local[slab.edge_source[e]]);
    piece.target.push_back(local[slab.edge_target[e]]);
    piece.edge_id.push_back(slab.edge_id[e]);
  }
  return piece;
}

/// The input of frame 0 in the order of the slab, [n, 4].
std::vector<double> input_of(const GraphSlab& slab) {
  std::vector<double> values;
  const auto field = [&](const char* name) {
    return std::find_if(slab.fields.begin(), slab.fields.end(), [&](const auto& f) { return f.name == name; });
  };
  for (std::size_t i = 0; i < slab.node_id.size(); ++i) {
    for (std::size_t k = 0; k < 3; ++k) values.push_back(field("velocity")->values[3 * i + k]);
    values.push_back(field("pressure")->values[i]);
  }
  return values;
}

template <class T>
std::vector<T> local_rows(const std::vector<double>& rows, std::size_t cols, const Piece& piece, std::size_t stride) {
  std::vector<T> local(piece.node_id.size() * stride, T(-7));
  for (std::size_t i = 0; i < piece.node_id.size(); ++i)
    for (std::size_t c = 0; c < cols; ++c) local[i * stride + c] = T(rows[piece.row_of_slab[i] * cols + c]);
  return local;
}

class InferenceTest : public ::testing::Test {
 protected:
  /// Trains a small network on all ranks and keeps it.
  std::string trained(const std::string& more = "") {
    const std::string path = scratch / "model.h5";
    const train::Config config = testing::small_config(more);
    GraphSlab slab = testing::small_slab(world);
    partition(world, slab, coordinate_bisection({patches}));
    const train::Case data = train::make_case(world, config, std::move(slab));
    train::MeshTraining training(data, config);
    training.run();
    train::save_model(path, training);
    return path;
  }

  std::int64_t size(const SolverGraph& graph) const { return graph.n_local(); }

  Communicator world{MPI_COMM_WORLD};
  test::Scratch scratch{world};
  testing::Messages messages;
  const GraphSlab slab = whole_slab();
  const Piece piece = piece_of(slab, world);
};

TEST_F(InferenceTest, GivesTheBitsOfPredictionInTheOrderOfTheSolver) {
  for (const char* more : {"", R"(, "dtype": "f64")", R"(, "normalise": false)"}) {
    const std::string path = trained(more);
    const train::Model model = train::load_model(world, path);
    const Communicator alone(MPI_COMM_SELF);
    const train::Prediction expected = train::predict(alone, model, GraphSlab(slab), 0, "box");
    ASSERT_EQ(expected.fields[0].name, "velocity_predicted");

    const SolverGraph graph = from_partition(world, piece.view());
    const Inference closure(world, path, graph);
    EXPECT_EQ(closure.inputs(), 4);
    EXPECT_EQ(closure.outputs(), 3);
    const std::vector<double> u = local_rows<double>(input_of(slab), 4, piece, 4);
    std::vector<double> v(u.size() / 4 * 3);
    closure(borrow(u.data(), {size(graph), 4}), borrow(v.data(), {size(graph), 3}));
    EXPECT_EQ(v, local_rows<double>(expected.fields[0].values, 3, piece, 3)) << more;

    // With gaps between rows, and in f32.
    const std::vector<double> wide = local_rows<double>(input_of(slab), 4, piece, 7);
    std::vector<double> gaps(u.size() / 4 * 5, -7);
    std::vector<float> single(v.size());
    for (int again = 0; again < 2; ++again) {
      closure(borrow(wide.data(), {size(graph), 4}, 7), borrow(gaps.data(), {size(graph), 3}, 5));
      closure(borrow(u.data(), {size(graph), 4}), borrow(single.data(), {size(graph), 3}));
    }
    EXPECT_EQ(gaps, local_rows<double>(expected.fields[0].values, 3, piece, 5)) << "gaps stay";
    EXPECT_EQ(single, local_rows<float>(expected.fields[0].values, 3, piece, 3));
  }
}

TEST_F(InferenceTest, ReadsTheInputWhereItIs) {
  // The order of the rows is the library's: a solver that wants to save the copy asks for it.
  const SolverGraph asked = from_partition(world, piece.view(), Device::host());
  std::map<std::int64_t, std::size_t> place;
  for (const std::int64_t id : asked.graph().node_id()) place.emplace(id, place.size());
  for (const std::int64_t id : piece.node_id) place.emplace(id, place.size());
  Piece ordered = piece;
  for (std::size_t i = 0; i < piece.node_id.size(); ++i) {
    const std::size_t at = place[piece.node_id[i]];
    ordered.node_id[at] = piece.node_id[i];
    ordered.owner[at] = piece.owner[i];
    ordered.patch[at] = piece.patch[i];
  }
  for (auto* ends : {&ordered.source, &ordered.target})
    for (std::int32_t& end : *ends) end = std::int32_t(place[piece.node_id[std::size_t(end)]]);
  const SolverGraph graph = from_partition(world, ordered.view(false), Device::host());
  std::vector<float> u(ordered.node_id.size()), v(u.size());
  for (std::size_t i = 0; i < u.size(); ++i) u[i] = float(std::cos(double(ordered.node_id[i])));
  const void* seen = nullptr;
  const Inference twice(graph,
                        [&](const Graph&, const Tensor& x) {
                          seen = x.raw_data();
                          EXPECT_FALSE(autograd::recording());
                          return ops::scale_shift(x, 2);
                        },
                        {1, 1, DType::f32});
  twice(borrow(u.data(), {size(graph), 1}), borrow(v.data(), {size(graph), 1}));
  EXPECT_EQ(seen, u.data());
  for (std::size_t i = 0; i < u.size(); ++i) EXPECT_EQ(v[i], 2 * u[i]) << i;
}

TEST_F(InferenceTest, SaysOnAllRanksWhatDoesNotFit) {
  const std::string path = trained();
  const SolverGraph graph = from_partition(world, piece.view());
  const Inference closure(world, path, graph);
  const std::int64_t n = size(graph);
  std::vector<double> u(std::size_t(4 * n + 4)), v(std::size_t(3 * n + 3), 5);
  const auto expect = [&](const std::string& what, const auto& body) {
    try {
      body();
      ADD_FAILURE() << "no error with " << what;
    } catch (const UsageError& error) {
      EXPECT_NE(std::string(error.what()).find(what), std::string::npos) << error.what();
    }
  };
  const bool mine = world.rank() == world.size() - 1;
  expect("Inference: the input is [", [&] {  // one rank alone is wrong
    closure(borrow(u.data(), {mine ? n + 1 : n, 4}), borrow(v.data(), {n, 3}));
  });
  expect("Inference: the output is [", [&] { closure(borrow(u.data(), {n, 4}), borrow(v.data(), {n, 2})); });
  expect("the input is undefined", [&] { closure(Tensor(), borrow(v.data(), {n, 3})); });
  EXPECT_EQ(v, std::vector<double>(v.size(), 5));
  expect("2 elements from row to row for rows of 4", [&] { borrow(u.data(), {n, 4}, 2); });

  const SolverGraph nowhere = from_partition(world, piece.view(false));
  expect(path + ": the network was trained on offsets and lengths of edges: give from_partition() the positions",
         [&] { Inference(world, path, nowhere); });
  SolverPartition flat = piece.view();
  std::vector<double> plane;
  for (std::size_t i = 0; i < piece.position.size(); ++i)
    if (i % 3 != 2) plane.push_back(piece.position[i]);
  flat.position = plane;
  flat.dimension = 2;
  const SolverGraph in_plane = from_partition(world, flat);
  expect("trained in 3 dimensions, but the positions have 2", [&] { Inference(world, path, in_plane); });
  const Tensor edges = Tensor::zeros(graph.graph().n_edges(), 4, DType::f32, graph.graph().edges());
  expect("not on given features", [&] { Inference(world, path, graph, {.edges = edges}); });
  test::expect_file_error("nothing.h5", [&] { Inference(world, scratch / "nothing.h5", graph); });
  const Inference wrong(graph, [](const Graph&, const Tensor& x) { return x; }, {4, 3, DType::f32});
  expect("the network gives [", [&] { wrong(borrow(u.data(), {n, 4}), borrow(v.data(), {n, 3})); });
}

TEST_F(InferenceTest, AllocatesNoTensorsAfterTheFirstCall) {
  const std::string path = trained();
  const SolverGraph graph = from_partition(world, piece.view());
  const Inference closure(world, path, graph);
  const std::vector<double> u = local_rows<double>(input_of(slab), 4, piece, 4);
  std::vector<double> v(u.size() / 4 * 3);
  const Tensor input = borrow(u.data(), {size(graph), 4}), output = borrow(v.data(), {size(graph), 3});
  closure(input, output);
  closure(input, output);
  const std::vector<double> first = v;
  const MemoryUse before = memory_use();
  const std::int64_t heap = heap_allocations;
  const std::int64_t resident = testing::resident_bytes();
  constexpr int calls = 1000;
  for (int k = 0; k < calls; ++k) closure(input, output);
  const MemoryUse after = memory_use();
  EXPECT_EQ(v, first);
  EXPECT_EQ(after.system_allocations, before.system_allocations);
  EXPECT_EQ(after.live, before.live);
  EXPECT_LE(testing::resident_bytes() - resident, 1 << 18);
  // What is left are lists that operations make of their inputs: docs/in_solver.md says how many.
  if (Device::preferred() != Device::host()) return;
  EXPECT_LE(heap_allocations - heap, 180 * calls);
}

}  // namespace
}  // namespace halograph
