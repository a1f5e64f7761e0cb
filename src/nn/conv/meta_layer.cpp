// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/meta_layer.hpp>

#include <utility>

#include <halograph/ops/message.hpp>
#include <halograph/ops/pool.hpp>

namespace halograph::nn {

MetaLayer::MetaLayer(EdgeModel edge_model, NodeModel node_model, GlobalModel global_model)
    : edge_model_(std::move(edge_model)), node_model_(std::move(node_model)), global_model_(std::move(global_model)) {}

MetaLayer::State MetaLayer::operator()(const Graph& graph, const Batch& batch, const State& state) const {
  State now = state;
  const Tensor u = state.u.defined() && (edge_model_ || node_model_) ? ops::gather_graph(batch, state.u) : Tensor();
  if (edge_model_)
    now.edge_attr = edge_model_(ops::gather_source(graph, state.x), ops::gather_target(graph, state.x), state.edge_attr,
                                u.defined() ? ops::gather_target(graph, u) : Tensor());
  if (node_model_) now.x = node_model_(graph, state.x, now.edge_attr, u);
  if (global_model_) now.u = global_model_(batch, now.x, now.edge_attr, state.u);
  return now;
}

}  // namespace halograph::nn
