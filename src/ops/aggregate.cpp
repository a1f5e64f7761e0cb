// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/aggregate.hpp>

#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/core/words.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

#include "ops/check.hpp"

namespace halograph::ops {
namespace {

constexpr Words<Aggregation, 9> aggregations{{{"sum", Aggregation::sum},
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

/// Where the variance is too small the root is that of 1, so that no derivative meets a division by 0.
Tensor deviation(const Tensor& variance) {
  const Tensor wide = step(scale_shift(variance, 1, -least_variance)), narrow = scale_shift(wide, -1, 1);
  return multiply(square_root(add(multiply(variance, wide), narrow)), wide);
}

/// What the members of a list share is made once: the variance brings the mean with it.
class Aggregator {
 public:
  Aggregator(const Graph& graph, const Tensor& edges, std::span<const Aggregation> list)
      : graph_(graph), edges_(edges) {
    for (const Aggregation a : list)
      if (!moments_.variance.defined() && (a == Aggregation::var || a == Aggregation::std))
        moments_ = segment_moments(graph, edges);
  }

  Tensor operator()(Aggregation aggregation) const {
    switch (aggregation) {
      case Aggregation::sum: return segment_sum(graph_, edges_);
      case Aggregation::mean: return moments_.mean.defined() ? moments_.mean : segment_mean(graph_, edges_);
      case Aggregation::max: return segment_max(graph_, edges_);
      case Aggregation::min: return segment_min(graph_, edges_);
      case Aggregation::mul: return segment_product(graph_, edges_);
      case Aggregation::var: return moments_.variance;
      case Aggregation::std: return deviation(moments_.variance);
      case Aggregation::softmax: return segment_sum(graph_, multiply(segment_softmax(graph_, edges_), edges_));
    }
    throw UsageError(cat("aggregate: no aggregation has number ", int(aggregation)));
  }

 private:
  const Graph& graph_;
  const Tensor& edges_;
  Moments moments_;
};

}  // namespace

Aggregation parse_aggregation(std::string_view word) { return parse_word(aggregations, "aggregation", word); }

std::string_view name_of(Aggregation aggregation) { return word_of(aggregations, aggregation); }

Tensor aggregate(const Graph& graph, const Tensor& edges, Aggregation aggregation) {
  return aggregate(graph, edges, std::span(&aggregation, 1));
}

Tensor aggregate(const Graph& graph, const Tensor& edges, std::span<const Aggregation> list) {
  require_rows("aggregate", edges, graph.edges());
  require(!list.empty(), "aggregate: the list of aggregations is empty");
  const Aggregator aggregator(graph, edges, list);
  std::vector<Tensor> parts;
  for (const Aggregation aggregation : list) parts.push_back(aggregator(aggregation));
  return parts.size() == 1 ? parts.front() : concatenate(parts);
}

Tensor segment_var(const Graph& graph, const Tensor& edges) { return aggregate(graph, edges, Aggregation::var); }
Tensor segment_std(const Graph& graph, const Tensor& edges) { return aggregate(graph, edges, Aggregation::std); }

}  // namespace halograph::ops
