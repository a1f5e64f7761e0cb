// SPDX-License-Identifier: BSD-3-Clause
// Layers of halograph/nn one by one: a forward pass, and forward with the gradients of inputs and parameters, on points
// of low discrepancy in the unit cube whose edges come from their nearest neighbours.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/dist/graph.hpp>

#include "tests/benchmarks/machine.hpp"
#include "tests/benchmarks/options.hpp"

namespace halograph::bench {

/// What layers are measured on.
struct LayerProblem {
  Graph graph;           ///< in-edges from the nearest points, the point itself left out
  Batch batch;           ///< all nodes are one graph
  Tensor points;         ///< [n_nodes, 3]
  Tensor x, edge_state;  ///< [n_nodes, layer_channels], [n_edges, layer_channels]
  Tensor edge_attr;      ///< [n_edges, layer_edge_channels]
  DType dtype;
  double nodes() const { return double(graph.nodes()->global_rows()); }
  double edges() const { return double(graph.edges()->global_rows()); }
};

inline constexpr std::int64_t layer_channels = 64, layer_edge_channels = 8, layer_neighbours = 16;

/// A layer ready to run. `flops` are those of the forward pass that any implementation needs: products on nodes and
/// edges, weighted sums; a fused multiply-add is two, activations and searches are not counted.
struct LayerRun {
  std::string name, shape;
  std::vector<Tensor> inputs;  ///< differentiated by, all tensors that the forward pass reads per node and edge
  std::vector<NamedTensor> state;
  std::function<Tensor(const std::vector<Tensor>&)> forward;
  double flops = 0;
  double index_bytes = 0;  ///< of topology that is read
  bool differentiable = true;
};

struct LayerResult {
  std::string name, shape;
  double nodes = 0, edges = 0;
  struct Mode {
    double seconds = 0, cpu_seconds = 0;
    double flops = 0, bytes = 0;     ///< needed: see LayerRun; every operand and gradient moved once
    double memory_per_node = 0;      ///< bytes of tensors at the peak
    std::string denormals;           ///< "none", or what is denormal on the first thread, as denormals_of; "?": unseen
    double flushed_cpu_seconds = 0;  ///< with a processor told to take denormal numbers for 0
    Bound bound;
  };
  Mode forward, training;  ///< training is empty for what has no derivative
  bool differentiable = true;
};

/// All layers on a problem.
std::vector<LayerRun> layer_runs(const LayerProblem& problem);

/// `options.nodes` points. Collective.
std::vector<LayerResult> measure_layers(const Communicator& comm, const Machine& machine, const Options& options);

}  // namespace halograph::bench
