// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/mesh_graph_net.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <halograph/autograd/checkpoint.hpp>
#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>

namespace halograph::nn {

MeshGraphNet::MeshGraphNet(const Scope& scope, const MeshGraphNetOptions& options) : options_(options) {
  require(options.steps >= 0, "MeshGraphNet: steps is ", options.steps);
  const std::int64_t h = options.hidden;
  const auto mlp = [&](const Scope& part, std::int64_t in, std::int64_t out, bool norm) {
    return Mlp(part, {in, h, out, options.mlp_hidden_layers, options.activation, norm});
  };
  node_encoder_ = mlp(scope / "node_encoder", options.node_in, h, options.layer_norm);
  edge_encoder_ = mlp(scope / "edge_encoder", options.edge_in, h, options.layer_norm);
  for (int l = 0; l < options.steps; ++l) {
    const Scope block = scope / cat("processor.", l);
    Mlp edge_mlp = mlp(block / "edge_mlp", 3 * h, h, options.layer_norm);
    processor_.emplace_back(std::move(edge_mlp), mlp(block / "node_mlp", 2 * h, h, options.layer_norm));
  }
  node_decoder_ = mlp(scope / "node_decoder", h, options.node_out, false);
}

MeshGraphNet::State MeshGraphNet::process(std::size_t first, std::size_t last, const Graph& graph, State state) const {
  for (std::size_t l = first; l < last; ++l) state = processor_[l](graph, state, updates_edges(l));
  return state;
}

/// The same with the inputs kept only. The blocks run on the parameters that the tape hands them.
MeshGraphNet::State MeshGraphNet::checkpointed(std::size_t first, std::size_t last, const Graph& graph,
                                               const State& state) const {
  std::vector<Tensor> inputs{state.x, state.edge_attr};
  for (std::size_t l = first; l < last; ++l)
    for (const Tensor& parameter : processor_[l].parameters()) inputs.push_back(parameter);
  const auto outputs = autograd::checkpoint(
      [this, first, last, graph](const std::vector<Tensor>& given) {
        State now{given[0], given[1]};
        auto rest = std::span(given).subspan(2);
        for (std::size_t l = first; l < last; ++l) {
          const std::size_t n = processor_[l].n_parameters();
          now = processor_[l].with(rest.first(n))(graph, now, updates_edges(l));
          rest = rest.subspan(n);
        }
        return updates_edges(last - 1) ? std::vector<Tensor>{now.x, now.edge_attr} : std::vector<Tensor>{now.x};
      },
      inputs);
  return {outputs[0], outputs.size() > 1 ? outputs[1] : state.edge_attr};
}

Tensor MeshGraphNet::operator()(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  const std::size_t n = processor_.size();
  if (!options_.checkpoint) return node_decoder_(process(0, n, graph, std::move(state)).x);
  // Segments of about sqrt(n) blocks keep the least: the state before each segment and those inside one.
  const std::size_t length = std::max<std::size_t>(1, std::size_t(std::lround(std::sqrt(double(n)))));
  for (std::size_t l = 0; l < n; l += length) state = checkpointed(l, std::min(l + length, n), graph, state);
  return node_decoder_(state.x);
}

std::vector<Tensor> MeshGraphNet::trace(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  const NoGrad off;
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  std::vector<Tensor> trace{state.x};
  for (std::size_t l = 0; l < processor_.size(); ++l) {
    state = process(l, l + 1, graph, std::move(state));
    trace.push_back(state.x);
  }
  return trace;
}

}  // namespace halograph::nn
