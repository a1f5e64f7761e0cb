// SPDX-License-Identifier: BSD-3-Clause
// Agrees on the owner and the patch of every node that several ranks list, at a home rank for each
// node id.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/setup/solver_graph.hpp>

namespace halograph {

struct ResolvedNodes {
  std::vector<std::int32_t> first_copy;    ///< [distinct] local number of the first copy of each node
  std::vector<std::int32_t> node;          ///< [n_local] index into the distinct ones
  std::vector<std::int32_t> owner, patch;  ///< [distinct]
  std::vector<std::int32_t> copies;        ///< [distinct] local nodes of all ranks with this id
};

/// `own_patches`: whether patch numbers are given (the same on all ranks); otherwise the patch is the
/// owner. An owner that does not list the node, and two opinions on an owner or a patch, are
/// UsageErrors on all ranks. Collective.
ResolvedNodes resolve_ownership(const Communicator& comm, const SolverPartition& part, bool own_patches);

}  // namespace halograph
