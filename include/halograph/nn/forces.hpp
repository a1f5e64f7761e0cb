// SPDX-License-Identifier: BSD-3-Clause
// Forces and stress of any model of the energy, by differentiating it. A strain of the space moves positions and the
// shifts of periodic images alike; the stress is the derivative by it at no strain, over the volume. The results can be
// differentiated again: a loss on forces and stress trains the model.
#pragma once

#include <functional>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::nn {

/// Positions and shifts (undefined if none were given) -> energies [n_graphs, 1]. Collective.
using EnergyModel = std::function<Tensor(const Tensor& pos, const Tensor& shift)>;

struct Structure {
  Tensor pos;      ///< [n_nodes, 3]
  Tensor shift{};  ///< [n_edges, 3], or undefined: no periodic images
};

struct ForcesOptions {
  bool create_graph = false;  ///< whether the results are to be differentiated: force training
  bool stress = false;
  /// Replicated [n_graphs, 1], for the stress. Undefined: all 1, which gives the virial with its sign turned.
  Tensor volume{};
};

struct EnergyForcesStress {
  Tensor energy;  ///< [n_graphs, 1]
  Tensor forces;  ///< [n_nodes, 3], -d(sum of the energies)/d pos
  /// [n_graphs, 9], row-major: dE/d(strain)/volume where strain e moves x_a by the sum over b of x_b e_ba. Symmetric up
  /// to rounding if the energy does not change under rotations; positive on the diagonal under tension. Undefined
  /// unless wanted.
  Tensor stress;
};

/// Runs the model once and one backward pass. If `structure.pos` requires a gradient, results can be differentiated by
/// it (with create_graph). Without create_graph the results are off the tape. Collective.
EnergyForcesStress energy_forces_stress(const EnergyModel& model, const Graph& graph, const Batch& batch,
                                        const Structure& structure, const ForcesOptions& options = {});

}  // namespace halograph::nn
