// SPDX-License-Identifier: BSD-3-Clause
// Which patch a node is in, when nobody knows all nodes: entries are spread over the ranks by a
// hash of the id, questions travel in bulk.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/mpi/communicator.hpp>

#include "graph/routing/id_map.hpp"

namespace halograph {

class Directory {
 public:
  /// The nodes that this rank brings. A node id that occurs twice, on one rank or two, is a
  /// UsageError on all ranks. Collective.
  Directory(const Communicator& comm, std::span<const std::int64_t> id, std::span<const std::int32_t> patch);

  /// The patch of each id, -1 where no rank brought the node. Only ids that others brought are asked
  /// for, each once. Collective.
  std::vector<std::int32_t> patches_of(std::span<const std::int64_t> ids) const;

 private:
  Communicator comm_;
  IdMap own_, home_;
};

}  // namespace halograph
