// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/typed_ggnn.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/ops/weighted.hpp>

namespace halograph::nn {

TypedGGNN::TypedGGNN(const Scope& scope, const TypedGGNNOptions& options) : name_(scope.name()), options_(options) {
  const std::int64_t c = options.out_channels;
  require(options.in_channels > 0 && options.in_channels <= c, "TypedGGNN ", name_, ": in_channels ",
          options.in_channels, " and out_channels ", c, "; the first is between 1 and the second");
  require(options.num_types > 0 && options.steps > 0, "TypedGGNN ", name_, ": num_types ", options.num_types,
          " and steps ", options.steps, "; both are positive");
  for (std::int64_t type = 0; type < options.num_types; ++type) lins_.emplace_back(scope / cat("lins.", type), c, c);
  rnn_ = GRUCell(scope / "rnn", {.input_size = c, .hidden_size = c});
}

Tensor TypedGGNN::operator()(const std::vector<Subgraph>& graphs, const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "TypedGGNN ", name_, ": ", x, " for in_channels ",
          options_.in_channels);
  require(std::int64_t(graphs.size()) == options_.num_types, "TypedGGNN ", name_, ": ", graphs.size(),
          " graphs for num_types ", options_.num_types);
  Tensor h = x.cols() == options_.out_channels ? x : ops::pad_columns(x, 0, options_.out_channels);
  for (std::int64_t step = 0; step < options_.steps; ++step) {
    Tensor a;
    for (std::size_t type = 0; type < graphs.size(); ++type) {
      // The bias goes along with each edge: it is part of what the node sends.
      const Tensor sum = ops::neighbour_sum(graphs[type].graph, lins_[type](h));
      a = a.defined() ? ops::add(a, sum) : sum;
    }
    h = rnn_(a, h);
  }
  return h;
}

}  // namespace halograph::nn
