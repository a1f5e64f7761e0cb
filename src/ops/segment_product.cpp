// SPDX-License-Identifier: BSD-3-Clause
// The product over in-edges. For second derivatives it is done again by operations that know their transposes: each
// edge takes up the product of ever longer runs of edges before it (a scan by doubling), and the last edge of a node
// has it all. The steps follow from the largest in-degree of all ranks.
#include <halograph/autograd/tape.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "autograd/replay.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {

using autograd::VjpArguments;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

namespace {

/// Rows of `space` by rows of `source`, whose number stands where there is none. `back` is the inverse.
struct RowMap {
  Index from, back;
  RowSpacePtr space, source;
};

/// Row r of the result is row map.from[r] of x, or `fill`.
Tensor take_rows(const RowMap& map, const Tensor& x, double fill) {
  const Tensor filling = Tensor::full(1, x.cols(), fill, x.dtype(), nullptr, x.device());
  Tensor y = Tensor::empty(map.space->local_rows(), x.cols(), x.dtype(), map.space, x.device());
  kernels::table(y.device()).gather_rows(in(x), in(filling), map.from.data(), out(y));
  return autograd::record("take_rows", {x}, y, [map](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{take_rows({map.back, map.from, map.source, map.space}, dy, 0)};
  });
}

class InEdges {
 public:
  explicit InEdges(const Graph& graph)
      : graph_(graph), offset_(graph.edge_offset().to_vector()), target_(graph.target_row().to_vector()) {}

  /// Each edge by the one `distance` places before it into the same node.
  RowMap earlier(std::int64_t distance) const {
    const std::int32_t none = std::int32_t(target_.size());
    std::vector<std::int32_t> from(target_.size(), none), back(target_.size(), none);
    for (std::size_t e = std::size_t(distance); e < target_.size(); ++e) {
      const std::size_t before = e - std::size_t(distance);
      if (target_[before] != target_[e]) continue;
      from[e] = std::int32_t(before);
      back[before] = std::int32_t(e);
    }
    return {Index(from, graph_.device()), Index(back, graph_.device()), graph_.edges(), graph_.edges()};
  }

  /// Each node by its last in-edge.
  RowMap last() const {
    const std::int32_t nodes = std::int32_t(offset_.size()) - 1, edges = std::int32_t(target_.size());
    std::vector<std::int32_t> from(std::size_t(nodes), edges), back(target_.size(), nodes);
    for (std::int32_t i = 0; i < nodes; ++i) {
      const std::int32_t end = offset_[std::size_t(i) + 1];
      if (end == offset_[std::size_t(i)]) continue;
      from[std::size_t(i)] = end - 1;
      back[std::size_t(end) - 1] = i;
    }
    return {Index(from, graph_.device()), Index(back, graph_.device()), graph_.nodes(), graph_.edges()};
  }

 private:
  Graph graph_;
  std::vector<std::int32_t> offset_, target_;
};

Tensor composed_product(const Graph& graph, const Tensor& edges) {
  const double largest = max_rows(graph.in_degree(DType::f64)).item();
  const InEdges in_edges(graph);
  Tensor product = edges;
  for (std::int64_t distance = 1; double(distance) < largest; distance *= 2)
    product = multiply(product, take_rows(in_edges.earlier(distance), product, 1));
  return take_rows(in_edges.last(), product, 1);
}

}  // namespace

Tensor segment_product(const Graph& graph, const Tensor& edges) {
  require_rows("segment_product", edges, graph.edges());
  Tensor y = over(graph.nodes(), edges.cols(), edges);
  kernels::table(y.device()).segment_product(in(edges), graph.edge_offset().data(), out(y));
  autograd::record("segment_product", {edges}, {y}, [graph](const VjpArguments& a) {
    if (autograd::recording())
      return autograd::replay([&](const Tensors& x) { return Tensors{composed_product(graph, x[0])}; }, a);
    Tensor dx = with_rows_of(a.inputs[0], a.inputs[0].cols());
    kernels::table(dx.device())
        .segment_product_gradient(in(a.inputs[0]), in(a.cotangents[0]), graph.edge_offset().data(), out(dx));
    return Tensors{dx};
  });
  return y;
}

}  // namespace halograph::ops
