// SPDX-License-Identifier: BSD-3-Clause
#include "tool/facts.hpp"

#include <halograph/graph/costs/graph_facts.hpp>
#include <halograph/mpi/log.hpp>

#include "train/naming.hpp"

namespace halograph::tool {

void print_facts(const Communicator& comm, const GraphSlab& slab, const std::string& source) {
  const GraphFacts facts = train::naming(source, [&] { return graph_facts(comm, slab); });
  log(comm, "graph: ", describe(facts));
  if (facts.apart > 0)
    warn(comm, source, ": ", facts.apart, facts.apart == 1 ? " node lies" : " nodes lie",
         " in the place of a node that no edge connects ", facts.apart == 1 ? "it" : "them", " to (the first is node ",
         facts.first_apart, "): messages do not cross from part to part; merge doubled nodes where the mesh is made");
  if (facts.isolated > 0 && facts.nodes > 1)
    warn(comm, source, ": ", facts.isolated, facts.isolated == 1 ? " node has" : " nodes have",
         " no edge to another one (the first is node ", facts.first_isolated, "): no message reaches ",
         facts.isolated == 1 ? "it" : "them");
}

}  // namespace halograph::tool
