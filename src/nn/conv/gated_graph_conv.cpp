// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gated_graph_conv.hpp>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

GatedGraphConv::GatedGraphConv(const Scope& scope, const GatedGraphConvOptions& options)
    : name_(scope.name()), options_(options) {
  const std::int64_t c = options.out_channels;
  require(c > 0 && options.num_layers > 0, "GatedGraphConv ", name_, ": out_channels ", c, " and num_layers ",
          options.num_layers, "; both are positive");
  weight_ = scope.uniform("weight", options.num_layers * c, c, 1 / std::sqrt(double(c)), {options.num_layers, c, c});
  rnn_ = GRUCell(scope / "rnn", {.input_size = c, .hidden_size = c, .bias = options.bias});
}

Tensor GatedGraphConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_weight) const {
  const std::int64_t c = options_.out_channels;
  require(x.defined() && x.cols() <= c, "GatedGraphConv ", name_, ": ", x, " has more than out_channels ", c,
          " channels");
  Tensor h = x.cols() == c ? x : ops::pad_columns(x, 0, c);
  for (std::int64_t layer = 0; layer < options_.num_layers; ++layer) {
    const Tensor m = ops::product(h, ops::slice_rows(weight_, layer * c, c));
    h = rnn_(propagate(graph, m, edge_weight, options_.aggr), h);
  }
  return h;
}

}  // namespace halograph::nn
