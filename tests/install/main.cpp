// SPDX-License-Identifier: BSD-3-Clause
// A solver that owns MPI, its mesh and its partition: each rank has a stretch of a ring and sees one node of
// either neighbour. It trains a network on its own data for a few steps, as README.md shows.
#include <mpi.h>

#include <cmath>
#include <cstdio>
#include <vector>

#include <halograph/halograph.hpp>

namespace hg = halograph;

namespace {

constexpr std::int64_t nodes_per_rank = 32;

struct Stretch {
  std::vector<std::int64_t> node_id;  // own nodes first, then what it sees of the neighbours
  std::vector<std::int32_t> source, target;
};

Stretch stretch_of(int rank, int ranks) {
  const std::int64_t all = nodes_per_rank * ranks, first = nodes_per_rank * rank;
  Stretch stretch;
  for (std::int64_t i = 0; i < nodes_per_rank; ++i) stretch.node_id.push_back(first + i);
  stretch.node_id.push_back((first + all - 1) % all);
  stretch.node_id.push_back((first + nodes_per_rank) % all);
  for (std::int32_t i = 0; i < nodes_per_rank; ++i) {
    const std::int32_t left = i > 0 ? i - 1 : std::int32_t(nodes_per_rank);
    const std::int32_t right = i + 1 < nodes_per_rank ? i + 1 : std::int32_t(nodes_per_rank) + 1;
    for (const std::int32_t neighbour : {left, right}) {
      stretch.source.push_back(neighbour);
      stretch.target.push_back(i);
    }
  }
  return stretch;
}

double train(MPI_Comm solver_comm) {
  const hg::Communicator comm(solver_comm);
  const Stretch mine = stretch_of(comm.rank(), comm.size());
  const auto solver =
      hg::from_partition(comm, {.node_id = mine.node_id, .edge_source = mine.source, .edge_target = mine.target});
  const hg::Graph& graph = solver.graph();

  std::vector<double> u;  // the solver's array, in its own order
  for (const std::int64_t id : mine.node_id) u.push_back(std::sin(0.1 * double(id)));
  const auto local = hg::Tensor::borrow(u.data(), std::int64_t(u.size()), 1, hg::DType::f64);
  const hg::Tensor x = solver.from_local(local), y = hg::ops::square(x);
  const hg::Tensor e = hg::Tensor::full(graph.n_edges(), 1, 1, hg::DType::f64, graph.edges());

  const auto net = hg::nn::make<hg::nn::MeshGraphNet>(
      hg::Scope(hg::Random(1), hg::DType::f64),
      {.node_in = 1, .edge_in = 1, .node_out = 1, .hidden = 8, .mlp_hidden_layers = 1, .steps = 2});
  hg::optim::Adam adam(hg::parameters(net), {});
  double loss_value = 0;
  for (int step = 0; step < 20; ++step) {
    const hg::Tensor loss = hg::ops::mean_square_error(net(graph, x, e), y);  // over all nodes of all ranks
    adam.step(hg::grad(loss, net), 1e-2);                                     // gradients arrive summed
    loss_value = loss.item();
    if (step % 10 == 0) hg::log(comm, "step ", step, ": loss ", loss_value);
  }
  return loss_value;
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  const double loss = train(MPI_COMM_WORLD);
  MPI_Finalize();
  return loss < 0.2 ? 0 : 1;
}
