// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/rgcn_conv.hpp>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/nn/propagate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/rows.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

RGCNConv::RGCNConv(const Scope& scope, const RGCNConvOptions& options) : name_(scope.name()), options_(options) {
  const std::int64_t in = options.in_channels, out = options.out_channels, relations = options.num_relations;
  require(in > 0 && out > 0 && relations > 0 && options.num_bases >= 0, "RGCNConv ", name_, ": in_channels ", in,
          ", out_channels ", out, ", num_relations ", relations, " and num_bases ", options.num_bases,
          "; the first three are positive, the last is not negative");
  const auto draw = [&](const char* part, std::int64_t rows, std::int64_t cols, std::int64_t fan,
                        const Axes& axes = {}) {
    return scope.uniform(part, rows, cols, std::sqrt(6 / double(fan)), axes);
  };
  const std::int64_t matrices = options.num_bases > 0 ? options.num_bases : relations;
  weight_ = draw("weight", matrices * in, out, in + out, {matrices, in, out});
  if (options.num_bases > 0) comp_ = draw("comp", relations, options.num_bases, relations + options.num_bases);
  if (options.root_weight) root_ = draw("root", in, out, in + out);
  if (options.bias) bias_ = scope.constant("bias", 1, out, 0, true);
}

Tensor RGCNConv::relation_weight(std::int64_t relation) const {
  const std::int64_t in = options_.in_channels;
  if (options_.num_bases == 0) return ops::slice_rows(weight_, relation * in, in);
  const Tensor shares = ops::slice_rows(comp_, relation, 1);
  Tensor sum;
  for (std::int64_t b = 0; b < options_.num_bases; ++b) {
    const Tensor part = ops::multiply(ops::slice_rows(weight_, b * in, in), ops::slice_columns(shares, b, 1));
    sum = sum.defined() ? ops::add(sum, part) : part;
  }
  return sum;
}

Tensor RGCNConv::operator()(const std::vector<Subgraph>& graphs, const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "RGCNConv ", name_, ": ", x, " for in_channels ",
          options_.in_channels);
  require(std::int64_t(graphs.size()) == options_.num_relations, "RGCNConv ", name_, ": ", graphs.size(),
          " graphs for num_relations ", options_.num_relations);
  const bool linear = options_.aggr == ops::Aggregation::sum || options_.aggr == ops::Aggregation::mean;
  const bool weight_first = linear && options_.out_channels < options_.in_channels;
  Tensor y = options_.root_weight ? ops::product(x, root_) : Tensor();
  for (std::size_t r = 0; r < graphs.size(); ++r) {
    const Graph& graph = graphs[r].graph;
    const Tensor weight = relation_weight(std::int64_t(r));
    const Tensor part = weight_first ? propagate(graph, ops::product(x, weight), {}, options_.aggr)
                                     : ops::product(propagate(graph, x, {}, options_.aggr), weight);
    y = y.defined() ? ops::add(y, part) : part;
  }
  return options_.bias ? ops::add(y, bias_) : y;
}

}  // namespace halograph::nn
