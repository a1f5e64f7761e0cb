// SPDX-License-Identifier: BSD-3-Clause
// What nekRS-ML writes for one of two ranks: element nodes with their copies, the edges inside
// elements, coordinates and velocity.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/setup/solver_graph.hpp>

namespace halograph::testing {

struct NekrsPiece {
  std::vector<std::int64_t> node_id;  ///< unique also inside elements, unlike in the files
  std::vector<std::int32_t> edge_source, edge_target;
  std::vector<double> position, velocity;  ///< [n, 3]

  SolverPartition view() const;
};

/// From the shared data (data/meshes/nekrs_tgv_2rank), rank 0 or 1.
NekrsPiece read_nekrs_piece(int rank);

}  // namespace halograph::testing
