// SPDX-License-Identifier: BSD-3-Clause
// What partition and info say about a graph before anybody trains on it.
#pragma once

#include <string>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph::tool {

/// Prints the facts of the graph that was read from `source` on one line, and warns of parts that messages do not
/// reach. Collective.
void print_facts(const Communicator& comm, const GraphSlab& slab, const std::string& source);

}  // namespace halograph::tool
