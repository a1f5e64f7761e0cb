// SPDX-License-Identifier: BSD-3-Clause
// The graph that a configuration names, cut into patches.
#pragma once

#include <string>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/train/config.hpp>

namespace halograph::train {

/// Cuts the slab into patches as configured; `source` names the graph in messages. Collective.
void partition_input(const Communicator& comm, GraphSlab& slab, const Config::Partition& partition,
                     const std::string& source);

/// The fields that a configuration works with, each once.
std::vector<std::string> used_fields(const Config& config);

/// io::read_mesh() and partition_input() for a configuration. Collective.
GraphSlab read_configured(const Communicator& comm, const Config& config);

}  // namespace halograph::train
