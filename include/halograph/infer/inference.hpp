// SPDX-License-Identifier: BSD-3-Clause
// A network inside a solver: made once, then called in every time step on the solver's own memory.
//   const auto graph = from_partition(comm, {.node_id = ids, .edge_source = from, .edge_target = to, .position = x});
//   const Inference closure(comm, "closure.h5", graph);
//   closure(borrow(u, {n_local, 5}), borrow(tau, {n_local, 6}));
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <halograph/core/borrow.hpp>
#include <halograph/graph/setup/solver_graph.hpp>

namespace halograph {

struct InferenceOptions {
  /// [n_edges, c] partitioned: features of the graph's edges, for networks that were trained on given ones.
  Tensor edges = {};
};

/// What a network in memory takes and gives.
struct InferenceShape {
  std::int64_t inputs = 0, outputs = 0;  ///< channels of a node
  DType dtype = DType::f32;              ///< of the network
};

/// Copies share everything. One thread may call at a time, and all ranks call alike.
class Inference {
 public:
  /// Takes the network of a model file, with what its features were scaled by, and makes edge features from the
  /// positions of the graph. Throws the same FileError or UsageError on all ranks, also where the network needs
  /// positions or edge features that are not given, or others. Collective.
  Inference(const Communicator& comm, const std::string& path, const SolverGraph& graph,
            const InferenceOptions& options = {});

  /// Takes a network in memory: network(graph, nodes [n_nodes, inputs], edges) or network(graph, nodes) -> [n_nodes,
  /// outputs], nothing scaled. Collective.
  template <class Network>
  requires std::invocable<const Network&, const Graph&, const Tensor&, const Tensor&> ||
      std::invocable<const Network&, const Graph&, const Tensor&>
      Inference(const SolverGraph& graph, Network network, const InferenceShape& shape,
                const InferenceOptions& options = {})
      : Inference(graph,
                  Call([network = std::move(network)](const Graph& g, const Tensor& x, const Tensor& e) -> Tensor {
                    if constexpr (std::invocable<const Network&, const Graph&, const Tensor&, const Tensor&>)
                      return network(g, x, e);
                    else return network(g, x);
                  }),
                  shape, options) {}

  /// Runs the network on input [n_local, inputs] and writes output [n_local, outputs], both in the order of the
  /// solver's local nodes and in units of the data, f32 or f64, with any stride. Copies of a node are filled from its
  /// owner. The input is read where it is if it has the network's order; the output is written by the last pass over
  /// the rows. Nothing is recorded. Throws UsageError on all ranks, with nothing written, if a tensor does not fit on
  /// one of them. Collective.
  void operator()(const Tensor& input, const Tensor& output) const;

  std::int64_t inputs() const;
  std::int64_t outputs() const;

 private:
  using Call = std::function<Tensor(const Graph& graph, const Tensor& nodes, const Tensor& edges)>;
  Inference(const SolverGraph& graph, Call network, const InferenceShape& shape, const InferenceOptions& options);

  struct Plan;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace halograph
