// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/simple_conv.hpp>

#include <halograph/core/error.hpp>
#include <halograph/core/words.hpp>
#include <halograph/graph/rewire/self_loops.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/carry.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

constexpr Words<CombineRoot, 4> roots{{{"none", CombineRoot::none},
                                       {"sum", CombineRoot::sum},
                                       {"cat", CombineRoot::cat},
                                       {"self_loop", CombineRoot::self_loop}}};

/// `weight` with 1 for the loops that were added; undefined stays undefined.
Tensor with_loops(const SelfLoops& loops, const Graph& graph, const Tensor& weight) {
  if (!weight.defined()) return {};
  const Tensor one = Tensor::full(graph.n_nodes(), 1, 1, weight.dtype(), graph.nodes(), weight.device());
  return ops::add(ops::carry_edges(loops.edges, weight), ops::carry_edges(loops.loops, one));
}

}  // namespace

CombineRoot parse_combine_root(std::string_view word) { return parse_word(roots, "combine_root", word); }
std::string_view name_of(CombineRoot choice) { return word_of(roots, choice); }

SimpleConv::SimpleConv(const SimpleConvOptions& options) : options_(options) {
  require(!options.aggr.empty(), "SimpleConv: no aggregator");
  require(options.combine_root != CombineRoot::sum || options.aggr.size() == 1, "SimpleConv: combine_root sum with ",
          options.aggr.size(), " aggregators; it goes with one");
}

Tensor SimpleConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  if (options_.combine_root == CombineRoot::self_loop) {
    const SelfLoops loops = add_self_loops(graph);
    return propagate(loops.graph, x, with_loops(loops, graph, edge_weight), options_.aggr);
  }
  const Tensor a = propagate(graph, x, edge_weight, options_.aggr);
  if (options_.combine_root == CombineRoot::sum) return ops::add(a, x);
  if (options_.combine_root == CombineRoot::cat) return ops::concatenate(std::vector<Tensor>{x, a});
  return a;
}

}  // namespace halograph::nn
