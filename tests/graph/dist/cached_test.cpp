// SPDX-License-Identifier: BSD-3-Clause
// What a graph caches is made once for each key, shared by its handles, and apart for callers with keys of their own.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

enum class Colour { red, green };
enum class Taste { sweet };

class GraphCache : public ::testing::Test {
 protected:
  const Graph graph_ = make_graph(Communicator(), {20, 40, 3}, Device::host());
  int made_ = 0;

  template <class Key>
  const std::string& text(const Graph& graph, Key key, const char* value) {
    return graph.cached<std::string>(key, [&] {
      ++made_;
      return std::string(value);
    });
  }
};

TEST_F(GraphCache, MakesAValueOnceForEachKeyAndSharesIt) {
  const std::string& red = text(graph_, Colour::red, "red");
  EXPECT_EQ(text(graph_, Colour::green, "green"), "green");
  EXPECT_EQ(red, "red");
  const Graph copy = graph_;
  EXPECT_EQ(&text(copy, Colour::red, "another"), &red);
  EXPECT_EQ(made_, 2);
}

TEST_F(GraphCache, KeepsTypesOfKeysAndValuesApart) {
  EXPECT_EQ(text(graph_, Colour::red, "red"), "red");
  EXPECT_EQ(text(graph_, Taste::sweet, "sweet"), "sweet");
  EXPECT_EQ(graph_.cached<int>(Colour::red, [] { return 7; }), 7);
  EXPECT_EQ(text(graph_, Colour::red, "another"), "red");
}

TEST_F(GraphCache, KeepsNothingOfOtherGraphs) {
  const Graph other = make_graph(Communicator(), {20, 40, 3}, Device::host());
  EXPECT_EQ(text(graph_, Colour::red, "here"), "here");
  EXPECT_EQ(text(other, Colour::red, "there"), "there");
}

TEST_F(GraphCache, MakesAgainWhatFailed) {
  const auto fail = []() -> std::string { throw std::runtime_error("no"); };
  EXPECT_THROW(graph_.cached<std::string>(Colour::red, fail), std::runtime_error);
  EXPECT_EQ(text(graph_, Colour::red, "red"), "red");
}

TEST_F(GraphCache, MakesValuesOutOfOthers) {
  const std::string& both = graph_.cached<std::string>(
      Colour::red, [&] { return text(graph_, Colour::green, "green") + text(graph_, Taste::sweet, "sweet"); });
  EXPECT_EQ(both, "greensweet");
  EXPECT_EQ(text(graph_, Colour::green, "another"), "green");
}

}  // namespace
}  // namespace halograph::testing
