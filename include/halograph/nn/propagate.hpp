// SPDX-License-Identifier: BSD-3-Clause
// One step of message passing: what the sources of a node send, aggregated at the node. A layer of one's own is a
// message, written with operations on the two ends of every edge, and a choice of aggregation:
//   const Tensor a = nn::propagate(graph, x, [](const nn::Ends& e) { return ops::tanh(e.source() - e.target()); },
//                                  ops::Aggregation::mean);
// Whatever the message is made of is differentiated, any number of times, and has the same bits on any number of ranks
// and threads. Such messages are kept, [n_edges, c]. Where the message is the source itself, times a weight of the
// edge, sums and means never write it and can send the narrower side of a linear layer. See docs/write_a_layer.md.
// All functions are collective, and one thread may call at a time. Tensors that do not fit are a UsageError.
#pragma once

#include <concepts>
#include <initializer_list>
#include <span>
#include <utility>

#include <halograph/nn/linear.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

/// Returns the aggregate over in-edges (j -> i) of weight_ji * x_j: [n_nodes, c]. `weight` is [n_edges, 1],
/// undefined: 1.
Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, ops::Aggregation aggregation);
/// Several aggregates side by side: [n_nodes, list.size() * c].
Tensor propagate(const Graph& graph, const Tensor& x, const Tensor& weight, std::span<const ops::Aggregation> list);

/// layer(propagate(graph, x, weight, list)); with a single sum or mean and fewer outputs than inputs the layer comes
/// first.
Tensor propagate_through(const Graph& graph, const Tensor& x, const Tensor& weight,
                         std::span<const ops::Aggregation> list, const Linear& layer);

/// The two ends of every edge, as a message sees them: values of nodes as rows of edges, gathered when they are asked
/// for.
class Ends {
 public:
  Ends(const Graph& graph, Tensor x) : graph_(graph), x_(std::move(x)) {}

  const Graph& graph() const { return graph_; }

  /// [n_edges, c]: x_j, where the message comes from. Collective on the first call, which exchanges x.
  const Tensor& source() const {
    if (!source_.defined()) source_ = ops::gather_source(graph_, x_);
    return source_;
  }
  /// [n_edges, c]: x_i, where it goes.
  const Tensor& target() const {
    if (!target_.defined()) target_ = ops::gather_target(graph_, x_);
    return target_;
  }
  /// The same of another tensor of nodes. Collective.
  Tensor source(const Tensor& nodes) const { return ops::gather_source(graph_, nodes); }
  Tensor target(const Tensor& nodes) const { return ops::gather_target(graph_, nodes); }

 private:
  const Graph& graph_;
  Tensor x_;
  mutable Tensor source_, target_;
};

template <class Message>
concept MessageFunction = requires(const Message& message, const Ends& ends) {
  { message(ends) } -> std::convertible_to<Tensor>;
};

/// Aggregates message(ends) [n_edges, c] at the targets: [n_nodes, c].
template <MessageFunction Message>
Tensor propagate(const Graph& graph, const Tensor& x, const Message& message,
                 ops::Aggregation aggregation = ops::Aggregation::sum) {
  return ops::aggregate(graph, message(Ends(graph, x)), aggregation);
}

/// The same with several aggregations, side by side in the order of the list: [n_nodes, list.size() * c].
template <MessageFunction Message>
Tensor propagate(const Graph& graph, const Tensor& x, const Message& message, std::span<const ops::Aggregation> list) {
  return ops::aggregate(graph, message(Ends(graph, x)), list);
}
template <MessageFunction Message>
Tensor propagate(const Graph& graph, const Tensor& x, const Message& message,
                 std::initializer_list<ops::Aggregation> list) {
  return propagate(graph, x, message, std::span(list.begin(), list.size()));
}

}  // namespace halograph::nn
