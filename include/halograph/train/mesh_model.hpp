// SPDX-License-Identifier: BSD-3-Clause
// The network of mesh training with the list of its tensors.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/core/random.hpp>
#include <halograph/core/state.hpp>
#include <halograph/nn/models/mesh_graph_net.hpp>

namespace halograph::train {

/// A MeshGraphNet with the initial values of a seed, on the preferred device. Copies share the parameters.
class MeshModel {
 public:
  MeshModel(const nn::MeshGraphNetOptions& options, DType dtype, std::uint64_t seed)
      : net_(options, dtype, Random(seed)) {}

  /// nodes [n_nodes, node_in], edges [n_edges, edge_in] -> [n_nodes, node_out]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
    return net_(graph, nodes, edges);
  }
  std::vector<NamedTensor> state() const { return net_.parameters(); }

 private:
  nn::MeshGraphNet net_;
};

}  // namespace halograph::train
