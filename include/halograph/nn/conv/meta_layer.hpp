// SPDX-License-Identifier: BSD-3-Clause
// A graph network block (Battaglia et al., arXiv:1806.01261) of the user's own functions, as PyTorch Geometric's
// MetaLayer: edges are updated first, then nodes, then the state of each graph, each from what is there by then.
//   edge_attr = edge_model(x_source, x_target, edge_attr, u of the edge's graph)
//   x         = node_model(graph, x, edge_attr, u of the node's graph)
//   u         = global_model(batch, x, edge_attr, u)
// The functions own their parameters. Rows of nodes are gathered to edges here; a layer whose edge function is an Mlp
// of [x_source, x_target, edge_attr] is cheaper by Mlp::on_edges.
#pragma once

#include <functional>

#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

namespace halograph::nn {

/// Throws what the functions throw. One thread may call at a time.
class MetaLayer {
 public:
  struct State {
    Tensor x;          ///< [n_nodes, c]
    Tensor edge_attr;  ///< [n_edges, d], may be undefined
    Tensor u;          ///< replicated [n_graphs, k], may be undefined
  };
  using EdgeModel =
      std::function<Tensor(const Tensor& source, const Tensor& target, const Tensor& edge_attr, const Tensor& u)>;
  using NodeModel =
      std::function<Tensor(const Graph& graph, const Tensor& x, const Tensor& edge_attr, const Tensor& u)>;
  using GlobalModel =
      std::function<Tensor(const Batch& batch, const Tensor& x, const Tensor& edge_attr, const Tensor& u)>;

  /// A model that is empty leaves its part as it is.
  MetaLayer(EdgeModel edge_model, NodeModel node_model, GlobalModel global_model = {});

  /// Edges belong to the graph of their target. Collective.
  State operator()(const Graph& graph, const Batch& batch, const State& state) const;

 private:
  EdgeModel edge_model_;
  NodeModel node_model_;
  GlobalModel global_model_;
};

}  // namespace halograph::nn
