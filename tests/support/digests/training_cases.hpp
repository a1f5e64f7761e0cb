// SPDX-License-Identifier: BSD-3-Clause
// Training problems of three kinds on which results must not depend on ranks: a box of spectral
// elements, a real unstructured mesh with its flow, and a random directed graph.
#pragma once

#include <string>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/train/config.hpp>

namespace halograph::testing {

/// Velocity -> pressure of a Taylor-Green vortex; periodic.
GraphSlab box_problem(const Communicator& comm, std::int64_t elements, int order);

/// The transonic flow around NACA 0012 on triangles, from the shared data: three conserved quantities -> "Pressure".
GraphSlab airfoil_problem(const Communicator& comm);

/// Sparse ids, isolated nodes, self-loops, duplicate edges; patches given, some of them empty: "in" -> "out".
GraphSlab random_problem(const Communicator& comm);

/// The networks of the consistent-GNN paper: "small" (hidden 8, 2 hidden layers) and "large" (32, 5).
train::Config config_for(const std::string& size, DType dtype, std::int64_t steps);

}  // namespace halograph::testing
