// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/forces.hpp>

#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

constexpr std::int64_t axes = 3;

/// x + the sum over b of column b of x times row b of the strain, which is replicated [1, 9] or has a row for each of
/// x.
Tensor strained(const Tensor& x, const Tensor& strain) {
  Tensor y = x;
  for (std::int64_t b = 0; b < axes; ++b) {
    const Tensor column = ops::slice_columns(x, b, 1), row = ops::slice_columns(strain, axes * b, axes);
    y = ops::add(y, row.partitioned() ? ops::multiply(row, column) : ops::product(column, row));
  }
  return y;
}

Structure strained(const Graph& graph, const Batch& batch, const Structure& given, const Tensor& strain) {
  // Of several graphs each has its own strain.
  const Tensor of_node = batch.n_graphs() == 1 ? strain : ops::gather_graph(batch, strain);
  Structure moved{strained(given.pos, of_node), {}};
  if (given.shift.defined())
    moved.shift = strained(given.shift, batch.n_graphs() == 1 ? strain : ops::gather_target(graph, of_node));
  return moved;
}

}  // namespace

EnergyForcesStress energy_forces_stress(const EnergyModel& model, const Graph& graph, const Batch& batch,
                                        const Structure& structure, const ForcesOptions& options) {
  constexpr const char* name = "energy_forces_stress";
  require(structure.pos.defined() && structure.pos.row_space() == graph.nodes() && structure.pos.cols() == axes, name,
          ": positions are [n_nodes, 3], not ", structure.pos);
  const autograd::RecordingScope on(true);
  Structure given = structure;
  if (!given.pos.requires_grad()) given.pos = given.pos.detach().set_requires_grad();
  std::vector<Tensor> by{given.pos};
  Structure used = given;
  if (options.stress) {
    by.push_back(Tensor::zeros(batch.n_graphs(), axes * axes, given.pos.dtype(), nullptr, given.pos.device()));
    used = strained(graph, batch, given, by.back().set_requires_grad());
  }

  EnergyForcesStress result;
  result.energy = model(used.pos, used.shift);
  require(result.energy.rows() == batch.n_graphs() && result.energy.cols() == 1 && !result.energy.partitioned(), name,
          ": energies are replicated [n_graphs, 1], not ", result.energy);
  const std::vector<Tensor> gradients = grad(ops::sum(result.energy), by, {.create_graph = options.create_graph});
  const autograd::RecordingScope scope(options.create_graph);
  if (!options.create_graph) result.energy = result.energy.detach();
  result.forces = ops::negate(gradients[0]);
  if (options.stress)
    result.stress = options.volume.defined() ? ops::divide(gradients[1], options.volume) : gradients[1];
  return result;
}

}  // namespace halograph::nn
