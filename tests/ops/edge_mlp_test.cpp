// SPDX-License-Identifier: BSD-3-Clause
// The fused perceptron on edges has the bits of gather, layers and sum one after the other, on graphs with an empty
// patch, self-loops, duplicate edges, nodes without edges and nodes with more edges than a panel has rows.
#include <halograph/core/error.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/message.hpp>

#include "ops/composed.hpp"
#include "tests/ops/same_as_composed.hpp"
#include "tests/support/problems/mlp_shape.hpp"

namespace halograph::testing {
namespace {

using ops::Activation;
using Widths = std::vector<std::int64_t>;

constexpr unsigned but_first = ~1u;  // the first layer starts at its target instead of a bias

// Operands: target, source, ghosts, edges, then the parameters.
constexpr std::size_t n_rows = 4;

struct Problem {
  std::int64_t edge_cols = 3;
  MlpShape shape;
  ops::EdgeMlpOptions options;

  std::vector<Operand> operands() const {
    const std::int64_t first = shape.widths[0];
    std::vector<Operand> list{
        {Where::nodes, first}, {Where::nodes, first}, {Where::ghosts, first}, {Where::edges, edge_cols}};
    for (const Operand& operand : mlp_parameters(shape, edge_cols)) list.push_back(operand);
    return list;
  }
  std::size_t n_results() const { return std::size_t(options.edges) + std::size_t(options.sum); }
};

Form form(const Graph& graph, const Problem& problem, decltype(ops::edge_mlp)& mlp, bool with_halo) {
  return [&graph, problem, &mlp, with_halo](const Tensors& x) {
    const Tensor ghosts = with_halo ? ops::halo(graph, x[1]) : x[2];
    const auto result = mlp(graph, x[0], x[1], ghosts, x[3], mlp_layers(problem.shape, x, n_rows), problem.options);
    EXPECT_EQ(result.edges.defined(), problem.options.edges);
    EXPECT_EQ(result.sum.defined(), problem.options.sum);
    Tensors wanted;
    if (problem.options.edges) wanted.push_back(result.edges);
    if (problem.options.sum) wanted.push_back(result.sum);
    return wanted;
  };
}

struct Asked {
  Numbers by, at;
  bool with_halo = false;
  bool integers = false;
};

void check(const Graph& graph, const Problem& problem, DType dtype, const Asked& asked) {
  SCOPED_TRACE(cat(problem.edge_cols, " columns, ", problem.shape.describe()));
  OpCase c;
  c.operands = problem.operands();
  const Tensors x = random_operands(graph, c, dtype, asked.integers);
  const bool halo = asked.with_halo;
  expect_same_as_composed(form(graph, problem, ops::edge_mlp, halo), form(graph, problem, ops::composed_edge_mlp, halo),
                          x, asked.by, asked.at, asked.integers);
}

void check(const Graph& graph, const Problem& problem, DType dtype) {
  check(graph, problem, dtype, {first_numbers(problem.operands().size()), first_numbers(problem.n_results())});
}

Graph make_graph(const GraphSize& size) { return testing::make_graph(Communicator(), size, Device::host()); }

TEST(EdgeMlp, EveryWidth) {
  const Graph graph = make_graph({40, 200, 7});
  const Widths widths{1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 40, 64};
  for_each_number([&](DType dtype) {
    for (std::size_t first = 0; first < widths.size(); ++first)
      for (std::size_t i = 0; i < 4; ++i) {
        const std::int64_t in = widths[(first * 5 + i * 3) % widths.size()],
                           out = widths[(first * 7 + i * 5) % widths.size()];
        check(graph, {in, {{widths[first], out}, Activation::elu, but_first, true, true, in == out}, {}}, dtype);
      }
  });
}

TEST(EdgeMlp, EveryCombination) {
  const Graph graph = make_graph({40, 200, 7});
  for_each_number([&](DType dtype) {
    for (const Activation activation : every_activation)
      for (const Widths& widths : {Widths{5}, Widths{9, 5}, Widths{4, 16, 5}, Widths{3, 4, 17, 8, 2, 6, 5}})
        for (const int norm : {0, 1, 2})
          for (const ops::EdgeMlpOptions options : {ops::EdgeMlpOptions{}, {true, false}, {false, true}})
            for (const bool activate_last : {false, true})
              check(graph,
                    {5, {widths, activation, 0b10100u, norm > 0, norm > 1, norm != 1, 0.01, activate_last}, options},
                    dtype);
  });
}

TEST(EdgeMlp, EveryKindOfGraph) {
  const MlpShape shape{{8, 6}, Activation::relu, but_first, true, true, true};
  for (const GraphSize& size : {GraphSize{1, 1, 1},
                                {1, 7, 1},
                                {5, 0, 2},
                                {3, 700, 2},
                                {30, 31, 9},
                                {30, 40, 40},
                                {400, 3000, 1},
                                {400, 3000, 33}}) {
    SCOPED_TRACE(cat(size.nodes, " nodes, ", size.edges, " edges"));
    const Graph graph = make_graph(size);
    for_each_number([&](DType dtype) { check(graph, {6, shape, {}}, dtype); });
  }
}

// Every number of edges, and with it every end of a last panel.
TEST(EdgeMlp, EveryNumberOfRows) {
  for (std::int64_t edges = 1; edges <= 130; ++edges) {
    SCOPED_TRACE(edges);
    const Graph graph = make_graph({9, edges, 2});
    for_each_number([&](DType dtype) {
      check(graph, {5, {{7, 5}, Activation::tanh, but_first, true, true, true}, {}}, dtype);
    });
  }
}

TEST(EdgeMlp, WhatIsNotWantedDoesNotMatter) {
  const Graph graph = make_graph({40, 200, 7});
  Problem problem{5, {{9, 5}, Activation::tanh, but_first, true, true, true}, {}};
  const std::size_t n = problem.operands().size();
  Numbers parameters;
  for (std::size_t i = n_rows; i < n; ++i) parameters.push_back(i);
  for (const ops::EdgeMlpOptions options : {ops::EdgeMlpOptions{}, {true, false}, {false, true}}) {
    problem.options = options;
    for (const Numbers& at : {Numbers{0}, Numbers{1}, Numbers{0, 1}}) {
      if (at.back() >= problem.n_results()) continue;
      for (const Numbers& by : {Numbers{0}, Numbers{1}, Numbers{2}, Numbers{3}, Numbers{1, 2}, Numbers{0, 3},
                                Numbers{4}, parameters, first_numbers(n_rows), first_numbers(n)}) {
        SCOPED_TRACE(cat("from result ", at.front(), " to ", by.front()));
        for_each_number([&](DType dtype) { check(graph, problem, dtype, {by, at}); });
      }
    }
  }
}

TEST(EdgeMlp, GhostsOnTheirWay) {
  const Graph graph = make_graph({400, 3000, 9});
  const Problem problem{5, {{9, 5}, Activation::sigmoid, but_first, true, true, true}, {}};
  for_each_number([&](DType dtype) {
    for (const Numbers& by : {Numbers{1}, Numbers{0, 1, 3}, Numbers{4}, Numbers{0, 1, 3, 4, 5, 6, 7, 8}})
      check(graph, problem, dtype, {by, {0, 1}, true});
  });
}

// Exact zeros of either sign, and the kinks of activations.
TEST(EdgeMlp, SmallIntegers) {
  const Graph graph = make_graph({40, 200, 7});
  for_each_number([&](DType dtype) {
    for (const Activation activation : every_activation)
      for (const bool norm : {false, true})
        check(graph, {4, {{5, 9, 4}, activation, but_first, norm, norm, true}, {}}, dtype,
              {first_numbers(norm ? 11 : 9), {0, 1}, false, true});
  });
}

// Without rows of its own an edge knows its ends only.
TEST(EdgeMlp, EdgesWithoutColumns) {
  const Graph graph = make_graph({40, 200, 7});
  for_each_number([&](DType dtype) {
    for (const Widths& widths : {Widths{5}, Widths{9, 5}})
      for (const bool norm : {false, true})
        check(graph, {0, {widths, Activation::tanh, but_first, norm, norm}, {}}, dtype);
  });
}

// Gradients that meet in one operand do so in the order of single operations.
TEST(EdgeMlp, OperandsInSeveralPlaces) {
  const Graph graph = make_graph({40, 200, 7});
  OpCase shared;
  shared.operands = {{Where::nodes, 4}, {Where::edges, 4}, {Where::replicated, 4, 4}, {Where::replicated, 4}};
  const auto form = [&](decltype(ops::edge_mlp)& mlp) {
    return [&](const Tensors& x) {
      const ops::MlpLayers layers{
          {x[2], x[2], x[2]}, {Tensor(), x[3], x[3]}, Activation::tanh, true, x[3], x[3], 0.01, true};
      const auto result = mlp(graph, x[0], x[0], ops::halo(graph, x[0]), x[1], layers, {});
      return Tensors{result.edges, result.sum};
    };
  };
  for_each_number([&](DType dtype) {
    expect_same_as_composed(form(ops::edge_mlp), form(ops::composed_edge_mlp), random_operands(graph, shared, dtype),
                            first_numbers(4), {0, 1});
  });
}

TEST(EdgeMlp, NetworksThatDoNotFitAreComposed) {
  const Graph graph = make_graph({40, 200, 7});
  for_each_number([&](DType dtype) { check(graph, {4, {Widths(17, 4), Activation::tanh, but_first}, {}}, dtype); });
}

}  // namespace
}  // namespace halograph::testing
