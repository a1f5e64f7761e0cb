// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/infer/inference.hpp>

#include <optional>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/data/edge_features.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/train/model_file.hpp>

#include "core/transfer.hpp"

namespace halograph {
/// Scaling of inputs and outputs, the arithmetic of data::standardise and data::restore on rows that are made once.
struct InferenceScales {
  Tensor input_mean, input_scale, varies, output_scale, output_mean;
};

namespace {

/// A replicated row of f64.
Tensor row(const std::vector<double>& values, Device device) {
  return Tensor::from(values, 1, std::int64_t(values.size()), DType::f64, nullptr, device);
}

InferenceScales scales_of(const train::Model& model, Device device) {
  const auto input = train::joined(model.scaling.statistics, model.config.input);
  const auto output = train::joined(model.scaling.statistics, model.config.target);
  std::vector<double> varies;  // a channel that was constant in training stays so
  for (const double deviation : output.deviation) varies.push_back(deviation == 0 ? 0 : 1);
  return {row(input.mean, device), row(data::scales(input), device), row(varies, device),
          row(data::scales(output), device), row(output.mean, device)};
}

/// Features of the graph's edges as the network of a model file had them in training.
Tensor edges_for(const train::Model& model, const std::string& path, const SolverGraph& graph, const Tensor& given) {
  const std::int64_t edge_in = model.config.model.edge_in;
  if (model.scaling.edge_length == 0) {
    require(given.defined(), path,
            ": the network was trained on given features of edges: InferenceOptions::edges has none");
    return given;
  }
  require(
      !given.defined(), path,
      ": the network was trained on offsets and lengths of edges, not on given features: leave InferenceOptions::edges "
      "empty");
  const Positions& where = graph.positions();
  require(
      where.dimension > 0, path,
      ": the network was trained on offsets and lengths of edges: give from_partition() the positions of the nodes");
  require(where.dimension + 1 == edge_in, path, ": the network was trained in ", edge_in - 1,
          " dimensions, but the positions have ", where.dimension);
  return data::edge_features(graph.graph(), where.values, where.dimension, where.period, model.config.dtype,
                             model.scaling.edge_length);
}

}  // namespace

struct Inference::Plan {
  SolverGraph graph;
  Call network;
  InferenceShape shape;
  Tensor edges;
  std::optional<InferenceScales> scales;
  bool in_place;  ///< the rows of all ranks are their local nodes

  Plan(const SolverGraph& solver, Call call, const InferenceShape& sizes, Tensor features,
       std::optional<InferenceScales> scaling)
      : graph(solver),
        network(std::move(call)),
        shape(sizes),
        edges(std::move(features)),
        scales(std::move(scaling)),
        in_place(comm().min(int(solver.local_is_rows())) == 1) {
    const std::int64_t n_edges = graph.graph().n_edges();
    require_all<UsageError>(
        comm(),
        !edges.defined() || (edges.row_space() == graph.graph().edges() && edges.rows() == n_edges &&
                             edges.dtype() == shape.dtype && edges.device() == device()),
        "Inference: the features of edges are ", edges, ", expected [", n_edges, ", channels] ", name_of(shape.dtype),
        " on the edges of the graph");
  }

  const Communicator& comm() const { return graph.graph().comm(); }
  Device device() const { return graph.graph().device(); }

  std::string problem_of(const char* what, const Tensor& tensor, std::int64_t cols) const {
    if (fits(tensor, cols)) return {};
    return cat("Inference: the ", what, " is ", tensor, ", expected [", graph.n_local(), ", ", cols,
               "] in the order of the local nodes, on the host or the device of the graph");
  }

  bool fits(const Tensor& tensor, std::int64_t cols) const {
    return tensor.defined() && tensor.rows() == graph.n_local() && tensor.cols() == cols && !tensor.partitioned() &&
           (tensor.device() == Device::host() || tensor.device() == device());
  }

  /// The rows of the input as the network takes them.
  Tensor prepare(const Tensor& input) const {
    Tensor rows = graph.view_of_local(input);
    if (!rows.defined()) rows = graph.from_local(input);
    if (!scales) return ops::cast(rows, shape.dtype);
    const Tensor centred = ops::subtract(ops::cast(rows, DType::f64), scales->input_mean);
    return ops::cast(ops::divide(centred, scales->input_scale), shape.dtype);
  }

  Tensor in_units(const Tensor& y) const {
    if (!scales) return y;
    const Tensor kept = ops::multiply(ops::cast(y, DType::f64), scales->varies);
    return ops::add(ops::multiply(kept, scales->output_scale), scales->output_mean);
  }

  void deliver(const Tensor& rows, const Tensor& output) const { copy(in_place ? rows : graph.to_local(rows), output); }
};

Inference::Inference(const SolverGraph& graph, Call network, const InferenceShape& shape,
                     const InferenceOptions& options)
    : plan_(std::make_shared<const Plan>(graph, std::move(network), shape, options.edges, std::nullopt)) {
  require(shape.inputs > 0 && shape.outputs > 0, "Inference: ", shape.inputs, " inputs and ", shape.outputs,
          " outputs, expected at least one each");
}

Inference::Inference(const Communicator& comm, const std::string& path, const SolverGraph& graph,
                     const InferenceOptions& options) {
  const train::Model model = train::load_model(comm, path);
  const Device device = graph.graph().device();
  const InferenceShape shape{model.config.model.node_in, model.config.model.node_out, model.config.dtype};
  plan_ = std::make_shared<const Plan>(
      graph, [net = model.net](const Graph& g, const Tensor& x, const Tensor& e) { return net(g, x, e); }, shape,
      edges_for(model, path, graph, options.edges),
      model.config.normalise ? std::optional(scales_of(model, device)) : std::nullopt);
}

void Inference::operator()(const Tensor& input, const Tensor& output) const {
  const Plan& plan = *plan_;
  const bool fit = plan.fits(input, plan.shape.inputs) && plan.fits(output, plan.shape.outputs);
  if (plan.comm().min(int(fit)) == 0) {
    const std::string problem = plan.problem_of("input", input, plan.shape.inputs);
    agree<UsageError>(plan.comm(), problem.empty() ? plan.problem_of("output", output, plan.shape.outputs) : problem);
  }
  const NoGrad off;
  const Tensor y = plan.network(plan.graph.graph(), plan.prepare(input), plan.edges);
  require(y.row_space() == plan.graph.graph().nodes() && y.cols() == plan.shape.outputs,
          "Inference: the network gives ", y, ", expected [", plan.graph.graph().n_nodes(), ", ", plan.shape.outputs,
          "] on the nodes of the graph");
  plan.deliver(plan.in_units(y), output);
}

std::int64_t Inference::inputs() const { return plan_->shape.inputs; }
std::int64_t Inference::outputs() const { return plan_->shape.outputs; }

}  // namespace halograph
