// SPDX-License-Identifier: BSD-3-Clause
// Training on the pieces that a solver holds, duplicated interface nodes included, is training on
// the whole graph in one piece.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include <halograph/autograd/tape.hpp>
#include <halograph/data/edge_features.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/mesh_graph_net.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/digests/bits.hpp"
#include "tests/support/golden/nekrs_piece.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

constexpr double length = 6.283185307179586;

/// Pressure of the vortex; positions on opposite faces give the same value only up to rounding, hence from the
/// position of the owner's copy.
std::vector<double> pressure_at(const std::vector<double>& position) {
  std::vector<double> pressure;
  for (std::size_t i = 0; i + 2 < position.size(); i += 3)
    pressure.push_back((std::cos(2 * position[i]) + std::cos(2 * position[i + 1])) *
                       (std::cos(2 * position[i + 2]) + 2) / 16);
  return pressure;
}

/// What both ways must agree on.
struct Outcome {
  std::vector<double> losses, parameters;
};

struct Inputs {
  Tensor x, y, edges;
};

Inputs inputs_on(const Graph& graph, const std::vector<double>& position, const std::vector<double>& velocity,
                 DType dtype) {
  return {Tensor::from(velocity, graph.n_nodes(), 3, dtype, graph.nodes()),
          Tensor::from(pressure_at(position), graph.n_nodes(), 1, dtype, graph.nodes()),
          data::edge_features(graph, position, 3, {length, length, length}, dtype)};
}

nn::Model<nn::MeshGraphNet> small_net(DType dtype) {
  return nn::make<nn::MeshGraphNet>(Scope(Random(5), dtype),
                                    {.node_in = 3, .edge_in = 4, .node_out = 1, .hidden = 8, .mlp_hidden_layers = 2});
}

Outcome train(const Graph& graph, const Inputs& inputs, DType dtype) {
  const auto net = small_net(dtype);
  optim::Adam adam(parameters(net), {});
  Outcome outcome;
  for (int step = 0; step < 4; ++step) {
    const Tensor loss = ops::mean_square_error(net(graph, inputs.x, inputs.edges), inputs.y);
    outcome.losses.push_back(loss.item());
    adam.step(grad(loss, net), 1e-3);
  }
  for (const Tensor& parameter : values(parameters(net)))
    for (const double value : parameter.to_vector<double>()) outcome.parameters.push_back(value);
  return outcome;
}

/// The two pieces merged on one rank: a node is in the patch of the lowest rank that lists it, with its values there.
Outcome train_whole(DType dtype) {
  GraphSlab slab;
  slab.n_patches = 2;
  slab.dimension = 3;
  std::map<std::int64_t, bool> seen_node;
  std::map<std::pair<std::int64_t, std::int64_t>, bool> seen_edge;
  std::vector<double> velocity;
  for (const int rank : {0, 1}) {
    const NekrsPiece piece = read_nekrs_piece(rank);
    for (std::size_t i = 0; i < piece.node_id.size(); ++i) {
      if (!seen_node.emplace(piece.node_id[i], true).second) continue;
      slab.node_id.push_back(piece.node_id[i]);
      slab.patch.push_back(rank);
      slab.position.insert(slab.position.end(), &piece.position[3 * i], &piece.position[3 * i] + 3);
      velocity.insert(velocity.end(), &piece.velocity[3 * i], &piece.velocity[3 * i] + 3);
    }
    for (std::size_t e = 0; e < piece.edge_source.size(); ++e) {
      const std::int64_t source = piece.node_id[std::size_t(piece.edge_source[e])];
      const std::int64_t target = piece.node_id[std::size_t(piece.edge_target[e])];
      if (source == target || !seen_edge.emplace(std::pair(source, target), true).second) continue;
      slab.edge_id.push_back(std::int64_t(slab.edge_id.size()));
      slab.edge_source.push_back(source);
      slab.edge_target.push_back(target);
    }
  }
  const DistributedGraph whole = distribute(Communicator(MPI_COMM_SELF), slab);
  const Inputs inputs =
      inputs_on(whole.graph, whole.nodes.forward(slab.position, 3), whole.nodes.forward(velocity, 3), dtype);
  return train(whole.graph, inputs, dtype);
}

class SolverPieces : public ::testing::TestWithParam<DType> {
 protected:
  void SetUp() override {
    if (const auto why = shared_missing("data/meshes/nekrs_tgv_2rank"); !why.empty()) GTEST_SKIP() << why;
    if (world.size() != 2) GTEST_SKIP() << "the decomposition is for 2 ranks";
  }
  Tensor local(const std::vector<double>& values, std::int64_t cols) const {
    return Tensor::from(values, std::int64_t(values.size()) / cols, cols, DType::f64);
  }
  Communicator world{MPI_COMM_WORLD};
};

TEST_P(SolverPieces, TrainToTheBitsOfTheWhole) {
  const NekrsPiece piece = read_nekrs_piece(world.rank());
  const SolverGraph solver = from_partition(world, piece.view());
  const std::vector<double> position = solver.from_local(local(piece.position, 3)).to_vector<double>();
  const std::vector<double> velocity = solver.from_local(local(piece.velocity, 3)).to_vector<double>();
  const Outcome pieces = train(solver.graph(), inputs_on(solver.graph(), position, velocity, GetParam()), GetParam());
  Outcome whole;
  if (world.rank() == 0) whole = train_whole(GetParam());
  world.broadcast(whole.losses, 0);
  world.broadcast(whole.parameters, 0);
  EXPECT_TRUE(same_bits(pieces.losses, whole.losses));
  EXPECT_TRUE(same_bits(pieces.parameters, whole.parameters));
}

// A solver that sums its own local nodes must weigh copies, or interface nodes count several times.
TEST_P(SolverPieces, CopiesWeighedByTheirNumberGiveTheLossOfTheWhole) {
  const NekrsPiece piece = read_nekrs_piece(world.rank());
  const SolverGraph solver = from_partition(world, piece.view());
  const Graph& graph = solver.graph();
  const std::vector<double> position = solver.from_local(local(piece.position, 3)).to_vector<double>();
  const std::vector<double> velocity = solver.from_local(local(piece.velocity, 3)).to_vector<double>();
  const Inputs inputs = inputs_on(graph, position, velocity, DType::f64);
  const Tensor output = small_net(DType::f64)(graph, inputs.x, inputs.edges).detach();
  const double merged = ops::mean_square_error(output, inputs.y).item();

  const auto copies_space =
      std::make_shared<RowSpace>("copies", graph.nodes()->tree(), std::vector<std::int64_t>{0, solver.n_local()});
  std::vector<double> weight;
  for (const std::int32_t copies : solver.copies()) weight.push_back(1.0 / copies);
  const auto over_copies = [&](const Tensor& rows) {
    return Tensor::from(solver.to_local(rows).to_vector<double>(), solver.n_local(), rows.cols(), DType::f64,
                        copies_space);
  };
  const Tensor weights = Tensor::from(weight, solver.n_local(), 1, DType::f64, copies_space);
  EXPECT_NEAR(ops::sum(weights).item(), 1728, 1e-9);
  const double weighed = ops::weighted_mean_square_error(over_copies(output), over_copies(inputs.y), weights).item();
  EXPECT_NEAR(weighed, merged, 1e-12 * merged);
  const double unweighed = ops::mean_square_error(over_copies(output), over_copies(inputs.y)).item();
  EXPECT_GT(std::abs(unweighed - merged), 1e-4 * merged) << "the case must be able to tell";
}

INSTANTIATE_TEST_SUITE_P(Types, SolverPieces, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace halograph::testing
