// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/mesh_graph_net.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <halograph/autograd/checkpoint.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

MeshGraphNet::MeshGraphNet(const Scope& scope, const MeshGraphNetOptions& options) : options_(options) {
  require(options.steps >= 0, "MeshGraphNet: steps is ", options.steps);
  const std::int64_t h = options.hidden;
  const auto mlp = [&](const std::string& part, std::int64_t in, std::int64_t out, bool norm) {
    return Mlp(scope / part, {in, h, out, options.mlp_hidden_layers, options.activation, norm});
  };
  node_encoder_ = mlp("node_encoder", options.node_in, h, options.layer_norm);
  edge_encoder_ = mlp("edge_encoder", options.edge_in, h, options.layer_norm);
  for (int l = 0; l < options.steps; ++l)
    steps_.push_back({mlp(cat("processor.", l, ".edge_mlp"), 3 * h, h, options.layer_norm),
                      mlp(cat("processor.", l, ".node_mlp"), 2 * h, h, options.layer_norm)});
  node_decoder_ = mlp("node_decoder", h, options.node_out, false);
}

MeshGraphNet::State MeshGraphNet::process(const Step& step, const Graph& graph, const State& state, bool last) const {
  const auto updated = step.edge_mlp.on_edges(graph, state.x, state.e, true, {.edges = options_.carry_edges && !last});
  const std::array<Tensor, 2> inputs{state.x, updated.sum};
  return {step.node_mlp(inputs, true), updated.edges.defined() ? updated.edges : state.e};
}

/// Steps [first, last) with their inputs kept only. They run on the parameters that the tape hands them.
MeshGraphNet::State MeshGraphNet::process_segment(std::size_t first, std::size_t last, const Graph& graph,
                                                  const State& state) const {
  std::vector<Tensor> inputs{state.x, state.e};
  for (std::size_t l = first; l < last; ++l)
    for (const Mlp* mlp : {&steps_[l].edge_mlp, &steps_[l].node_mlp})
      for (const Tensor& parameter : mlp->parameters()) inputs.push_back(parameter);
  const bool ends = last == steps_.size();
  const auto outputs = autograd::checkpoint(
      [this, first, last, ends, graph](const std::vector<Tensor>& given) {
        State now{given[0], given[1]};
        auto rest = std::span(given).subspan(2);
        const auto take = [&rest](const Mlp& mlp) {
          const Mlp other = mlp.with(rest);
          rest = rest.subspan(mlp.n_parameters());
          return other;
        };
        for (std::size_t l = first; l < last; ++l) {
          const Mlp edge_mlp = take(steps_[l].edge_mlp), node_mlp = take(steps_[l].node_mlp);
          now = process({edge_mlp, node_mlp}, graph, now, l + 1 == steps_.size());
        }
        return ends || !options_.carry_edges ? std::vector<Tensor>{now.x} : std::vector<Tensor>{now.x, now.e};
      },
      inputs);
  return {outputs[0], outputs.size() > 1 ? outputs[1] : state.e};
}

Tensor MeshGraphNet::operator()(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  const std::size_t n = steps_.size();
  if (options_.checkpoint) {
    // Segments of about sqrt(n) steps keep the least: the state before each segment and those inside one.
    const std::size_t length = std::max<std::size_t>(1, std::size_t(std::lround(std::sqrt(double(n)))));
    for (std::size_t l = 0; l < n; l += length) state = process_segment(l, std::min(l + length, n), graph, state);
  } else {
    for (std::size_t l = 0; l < n; ++l) state = process(steps_[l], graph, state, l + 1 == n);
  }
  return node_decoder_(state.x);
}

std::vector<Tensor> MeshGraphNet::trace(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  const autograd::RecordingScope off(false);
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  std::vector<Tensor> trace{state.x};
  for (std::size_t l = 0; l < steps_.size(); ++l) {
    state = process(steps_[l], graph, state, l + 1 == steps_.size());
    trace.push_back(state.x);
  }
  return trace;
}

}  // namespace halograph::nn
