// SPDX-License-Identifier: BSD-3-Clause
// A small irregular graph for tests: arbitrary node ids, an empty patch, duplicate edges, self-loops,
// nodes without edges. It is the same graph for every number of ranks; topology() describes it by
// plain loops over the list of edges, apart from the library.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/setup/distribute.hpp>

namespace halograph::testing {

struct GraphSize {
  std::int64_t nodes = 0, edges = 0, patches = 0;
};

/// Collective.
Graph make_graph(const Communicator& comm, const GraphSize& size, Device device);

/// The same with the ways of its rows. Node (edge) i of the list starts on rank i mod ranks, in row i / ranks of its
/// slab. A `renumber` other than 0 gives nodes and edges other ids and nodes other patches. Collective.
DistributedGraph distribute_graph(const Communicator& comm, const GraphSize& size, Device device,
                                  std::uint64_t renumber = 0);

/// Everything in row order: nodes by patch and inside it as naive_order() has them, edges by (target row, source id,
/// edge id), ghosts by patch and first edge.
struct Topology {
  std::int64_t nodes = 0;
  std::vector<std::int64_t> target, source;  ///< node rows of each edge
  std::vector<std::int64_t> ghost;           ///< of each edge, -1 inside a patch
  std::vector<std::int64_t> ghost_node;      ///< node row of each ghost
  std::int64_t edges() const { return std::int64_t(target.size()); }
  std::int64_t ghosts() const { return std::int64_t(ghost_node.size()); }
};
Topology topology(const GraphSize& size);

/// Well mixed bits of a number.
std::uint64_t mix(std::uint64_t value);

}  // namespace halograph::testing
