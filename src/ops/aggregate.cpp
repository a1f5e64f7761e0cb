// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/aggregate.hpp>

#include <array>
#include <optional>
#include <utility>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/check.hpp"

namespace halograph::ops {
namespace {

constexpr std::array<std::pair<std::string_view, Aggregation>, 9> aggregations{{{"sum", Aggregation::sum},
                                                                                {"add", Aggregation::sum},
                                                                                {"mean", Aggregation::mean},
                                                                                {"max", Aggregation::max},
                                                                                {"min", Aggregation::min},
                                                                                {"mul", Aggregation::mul},
                                                                                {"var", Aggregation::var},
                                                                                {"std", Aggregation::std},
                                                                                {"softmax", Aggregation::softmax}}};

/// std = sqrt(var) above this variance, else 0.
constexpr double least_variance = 1e-5;

Tensor variance(const Graph& graph, const Tensor& edges, const Tensor& mean) {
  return segment_mean(graph, square(subtract(edges, gather_target(graph, mean))));
}

/// Where the variance is too small the root is that of 1, so that no derivative meets a division by 0.
Tensor deviation(const Tensor& variance) {
  const Tensor wide = step(scale_shift(variance, 1, -least_variance)), narrow = scale_shift(wide, -1, 1);
  return multiply(square_root(add(multiply(variance, wide), narrow)), wide);
}

/// What the members of a list share is made once.
class Aggregator {
 public:
  Aggregator(const Graph& graph, const Tensor& edges) : graph_(graph), edges_(edges) {}

  Tensor operator()(Aggregation aggregation) {
    switch (aggregation) {
      case Aggregation::sum: return segment_sum(graph_, edges_);
      case Aggregation::mean: return mean();
      case Aggregation::max: return segment_max(graph_, edges_);
      case Aggregation::min: return segment_min(graph_, edges_);
      case Aggregation::mul: return segment_product(graph_, edges_);
      case Aggregation::var: return var();
      case Aggregation::std: return deviation(var());
      case Aggregation::softmax: return segment_sum(graph_, multiply(segment_softmax(graph_, edges_), edges_));
    }
    throw UsageError(cat("aggregate: no aggregation has number ", int(aggregation)));
  }

 private:
  const Tensor& mean() {
    if (!mean_.defined()) mean_ = segment_mean(graph_, edges_);
    return mean_;
  }
  const Tensor& var() {
    if (!var_.defined()) var_ = variance(graph_, edges_, mean());
    return var_;
  }

  const Graph& graph_;
  const Tensor& edges_;
  Tensor mean_, var_;
};

}  // namespace

Aggregation parse_aggregation(std::string_view word) {
  std::string known;
  for (const auto& [name, aggregation] : aggregations) {
    if (name == word) return aggregation;
    known += cat(known.empty() ? "" : ", ", name);
  }
  throw UsageError(cat("aggregation '", word, "' is not one of ", known));
}

std::string_view name_of(Aggregation aggregation) {
  for (const auto& [name, value] : aggregations)
    if (value == aggregation) return name;
  return "unknown";
}

Tensor aggregate(const Graph& graph, const Tensor& edges, Aggregation aggregation) {
  require_rows("aggregate", edges, graph.edges());
  return Aggregator(graph, edges)(aggregation);
}

Tensor aggregate(const Graph& graph, const Tensor& edges, std::span<const Aggregation> list) {
  require_rows("aggregate", edges, graph.edges());
  require(!list.empty(), "aggregate: the list of aggregations is empty");
  Aggregator aggregator(graph, edges);
  std::vector<Tensor> parts;
  for (const Aggregation aggregation : list) parts.push_back(aggregator(aggregation));
  return parts.size() == 1 ? parts.front() : concatenate(parts);
}

Tensor divide_by_degree(const Graph& graph, const Tensor& sums) {
  require_rows("divide_by_degree", sums, graph.nodes());
  const Tensor degree = graph.in_degree(sums.dtype());
  return divide(sums, add(degree, scale_shift(step(degree), -1, 1)));
}

Tensor segment_var(const Graph& graph, const Tensor& edges) { return aggregate(graph, edges, Aggregation::var); }
Tensor segment_std(const Graph& graph, const Tensor& edges) { return aggregate(graph, edges, Aggregation::std); }

}  // namespace halograph::ops
