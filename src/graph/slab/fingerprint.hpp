// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// "<nodes> nodes, <edges> edges, <patches> patches, <hash>". The hash is a sum over rows, modulo 2^64, so it does not
/// depend on how they lie in slabs. Collective.
std::string fingerprint(const Communicator& comm, const GraphSlab& slab);

}  // namespace halograph
