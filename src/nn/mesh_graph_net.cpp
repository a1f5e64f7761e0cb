// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/mesh_graph_net.hpp>

#include <array>

#include <halograph/autograd/checkpoint.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::nn {

MeshGraphNet::MeshGraphNet(const MeshGraphNetOptions& options, DType dtype, const Random& random) : options_(options) {
  require(options.steps >= 0, "MeshGraphNet: steps is ", options.steps);
  const std::int64_t h = options.hidden;
  const auto mlp = [&](std::string name, std::int64_t in, std::int64_t out, bool norm) {
    return Mlp(std::move(name), {in, h, out, options.mlp_hidden_layers, options.activation, norm}, dtype, random);
  };
  node_encoder_ = mlp("node_encoder", options.node_in, h, options.layer_norm);
  edge_encoder_ = mlp("edge_encoder", options.edge_in, h, options.layer_norm);
  for (int l = 0; l < options.steps; ++l)
    steps_.push_back({mlp(cat("processor.", l, ".edge_mlp"), 3 * h, h, options.layer_norm),
                      mlp(cat("processor.", l, ".node_mlp"), 2 * h, h, options.layer_norm)});
  node_decoder_ = mlp("node_decoder", h, options.node_out, false);
}

MeshGraphNet::State MeshGraphNet::process(const Step& step, const Graph& graph, const State& state) const {
  const Tensor updated = ops::add(state.e, step.edge_mlp.on_edges(graph, state.x, state.e));
  const std::array<Tensor, 2> inputs{state.x, ops::segment_sum(graph, updated)};
  return {ops::add(state.x, step.node_mlp(inputs)), options_.carry_edges ? updated : state.e};
}

MeshGraphNet::State MeshGraphNet::process_checkpointed(const Step& step, const Graph& graph, const State& state) const {
  std::vector<NamedTensor> parameters;
  step.edge_mlp.collect(parameters);
  step.node_mlp.collect(parameters);
  std::vector<Tensor> inputs{state.x, state.e};
  for (const NamedTensor& parameter : parameters) inputs.push_back(parameter.value);
  const auto outputs = autograd::checkpoint(
      [this, &step, graph](const std::vector<Tensor>& given) {
        const Step again{step.edge_mlp.with(std::span(given).subspan(2, step.edge_mlp.n_parameters())),
                         step.node_mlp.with(std::span(given).subspan(2 + step.edge_mlp.n_parameters()))};
        const State after = process(again, graph, {given[0], given[1]});
        return options_.carry_edges ? std::vector<Tensor>{after.x, after.e} : std::vector<Tensor>{after.x};
      },
      inputs);
  return {outputs[0], options_.carry_edges ? outputs[1] : state.e};
}

Tensor MeshGraphNet::operator()(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  for (const Step& step : steps_)
    state = options_.checkpoint ? process_checkpointed(step, graph, state) : process(step, graph, state);
  return node_decoder_(state.x);
}

std::vector<Tensor> MeshGraphNet::trace(const Graph& graph, const Tensor& nodes, const Tensor& edges) const {
  const autograd::RecordingScope off(false);
  State state{node_encoder_(nodes), edge_encoder_(edges)};
  std::vector<Tensor> trace{state.x};
  for (const Step& step : steps_) {
    state = process(step, graph, state);
    trace.push_back(state.x);
  }
  return trace;
}

std::vector<NamedTensor> MeshGraphNet::parameters() const {
  std::vector<NamedTensor> all;
  node_encoder_.collect(all);
  edge_encoder_.collect(all);
  for (const Step& step : steps_) {
    step.edge_mlp.collect(all);
    step.node_mlp.collect(all);
  }
  node_decoder_.collect(all);
  return all;
}

}  // namespace halograph::nn
