// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/rewire/complete.hpp>

#include <gtest/gtest.h>

#include "tests/support/problems/rewired_graph.hpp"

namespace halograph::testing {
namespace {

TEST(CompleteGraph, joins_all_nodes_of_each_graph_of_the_batch) {
  for_known_graphs([](const KnownGraph& known) {
    for (const std::int64_t n_graphs : {1, 7, 40}) {
      const auto graph_of = [&](std::int64_t id) { return std::int32_t(noise(id, 3) * double(n_graphs)); };
      std::vector<std::int32_t> graph_of_row;
      for (const std::int64_t id : known.graph.node_id()) graph_of_row.push_back(graph_of(id));
      const Batch batch(known.graph.nodes(), graph_of_row, n_graphs);
      for (const bool self : {false, true}) {
        WholeGraph expected{known.whole.patch, known.whole.n_patches, {}};
        for (const auto& [target, target_patch] : known.whole.patch)
          for (const auto& [source, source_patch] : known.whole.patch)
            if (graph_of(source) == graph_of(target) && (self || source != target))
              expected.edges.push_back({source, target, 0});
        const Graph result = complete_graph(known.graph, batch, self);
        expect_topology(result, expected, known.whole);
        EXPECT_EQ(result.nodes(), known.graph.nodes());
      }
    }
  });
}

TEST(CompleteGraph, refuses_the_batch_of_other_nodes) {
  const Communicator comm(MPI_COMM_WORLD);
  const KnownGraph known(comm, 8, 50, 200, 5), other(comm, 8, 50, 200, 5);
  EXPECT_THROW(complete_graph(known.graph, Batch(other.graph)), UsageError);
}

}  // namespace
}  // namespace halograph::testing
