// SPDX-License-Identifier: BSD-3-Clause
#include "tests/docs/snippet.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr const char* page = HALOGRAPH_PAGE;

/// The nodes of the graph dealt out to four graphs, one of which stays empty.
Batch make_batch(const Graph& graph) {
  std::vector<std::int32_t> graph_of_row;
  for (const std::int64_t id : graph.node_id()) graph_of_row.push_back(std::int32_t(mix(std::uint64_t(id)) % 3));
  return Batch(graph.nodes(), graph_of_row, 4, graph.device());
}

TEST(Page, HasExamplesThatRun) {
  const Communicator world(MPI_COMM_WORLD);
  for (const Snippet& snippet : snippets()) {
    const Graph graph = make_graph(world, {60, 300, 5}, Device::preferred());
    const auto operand = [&](Where where, std::int64_t cols, Values values, std::uint64_t salt) {
      return random_operand(graph, {where, cols, 1, values}, DType::f32, salt);
    };
    try {
      snippet.run(graph, make_batch(graph), operand(Where::nodes, 16, Values::any, 1),
                  operand(Where::edges, 1, Values::positive, 2), operand(Where::edges, 4, Values::any, 3),
                  operand(Where::nodes, 3, Values::any, 4), DType::f32, Scope(Random(5)));
    } catch (const std::exception& error) {
      ADD_FAILURE_AT(page, snippet.line) << "this example throws: " << error.what();
    }
  }
}

TEST(Page, HasNoExampleThatIsLeftOut) {
  std::ifstream file(page);
  std::string line;
  std::size_t count = 0, number = 0;
  while (std::getline(file, line)) {
    ++number;
    if (line.find("```cpp") == std::string::npos) continue;
    ASSERT_LT(count, snippets().size()) << page << ":" << number;
    EXPECT_EQ(snippets()[count++].line, int(number + 1));
  }
  EXPECT_EQ(count, snippets().size());
}

}  // namespace
}  // namespace halograph::testing
