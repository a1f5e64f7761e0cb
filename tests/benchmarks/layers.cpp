// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/layers.hpp"

#include <algorithm>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/device.hpp>
#include <halograph/core/random.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/graph/slab/slab_range.hpp>

#include "tests/benchmarks/timing.hpp"
#include "tests/support/denormals.hpp"

namespace halograph::bench {
namespace {

/// Roberts' additive sequence: point i is the fraction of 1/2 + i (1/g, 1/g^2, 1/g^3), g^4 = g + 1.
GraphSlab points_slab(const Communicator& comm, std::int64_t n) {
  constexpr double g = 1.22074408460575947536;
  GraphSlab slab;
  slab.dimension = 3;
  for (std::int64_t i = n * comm.rank() / comm.size(); i < n * (comm.rank() + 1) / comm.size(); ++i) {
    slab.node_id.push_back(i);
    for (int axis = 1; axis <= 3; ++axis) {
      const double value = 0.5 + double(i + 1) / std::pow(g, axis);
      slab.position.push_back(value - std::floor(value));
    }
  }
  return slab;
}

Tensor random_rows(const RowSpacePtr& space, std::int64_t cols, DType dtype) {
  const Tensor values = Tensor::empty(space->local_rows(), cols, dtype, space);
  std::vector<std::int64_t> id(std::size_t(values.rows()));
  for (std::size_t i = 0; i < id.size(); ++i) id[i] = space->first_row() + std::int64_t(i);
  Random(1).fill_uniform(values, space->name(), -1, 1, id);
  return values;
}

LayerProblem make_layer_problem(const Communicator& comm, std::int64_t nodes, std::int64_t patches, DType dtype) {
  GraphSlab slab = points_slab(comm, nodes);
  partition(comm, slab, coordinate_bisection({patches}));
  const DistributedGraph distributed = distribute(comm, slab);
  const Graph& bare = distributed.graph;
  const Tensor points =
      Tensor::from(distributed.nodes.forward(slab.position, 3), bare.n_nodes(), 3, dtype, bare.nodes());
  KnnOptions near;
  near.k = layer_neighbours;
  near.include_self = false;
  const Graph graph = knn_graph(bare, points, near);
  return {graph,
          Batch(graph),
          points,
          random_rows(graph.nodes(), layer_channels, dtype),
          random_rows(graph.edges(), layer_channels, dtype),
          random_rows(graph.edges(), layer_edge_channels, dtype),
          dtype};
}

double bytes_of(const Tensor& x) {
  return double(x.partitioned() ? x.row_space()->global_rows() : x.rows()) * double(x.cols()) *
         double(size_of(x.dtype()));
}

/// What is measured of a forward pass or of training.
struct Measurement {
  Samples samples, flushed;
  double memory = 0;
  std::string denormals = "?";

  template <class Body>
  void watch(Body&& body) {
    if (!testing::denormals_are_visible || is_gpu(Device::preferred())) return body();
    denormals = testing::denormals_of(body);
    if (denormals.empty()) denormals = "none";
  }
  template <class Body>
  void take(const Communicator& comm, Body&& body) {
    reset_memory_peak();
    const std::int64_t before = memory_use().live;
    samples.add(measure(comm, body));
    memory = std::max(memory, sum_over_ranks(comm, double(memory_use().peak - before)));
    const testing::FlushedDenormals flush;
    flushed.add(measure(comm, body));
  }
};

/// A layer under measurement.
struct Measured {
  explicit Measured(LayerRun run) : layer(std::move(run)) {
    for (const NamedTensor& one : layer.state)
      if (one.value.requires_grad()) by.push_back(one.value);
    for (Tensor& input : layer.inputs) by.push_back(input = input.detach().set_requires_grad());
  }

  void forward() {
    const autograd::RecordingScope off(false);
    output = layer.forward(layer.inputs);
    output.complete();
  }
  void training() {
    const Tensor y = layer.forward(layer.inputs);
    if (!seed.defined()) seed = Tensor::full(y.rows(), y.cols(), 1, y.dtype(), y.row_space());
    for (const Tensor& gradient : grad(std::span(&y, 1), std::span(&seed, 1), by)) gradient.complete();
  }

  LayerRun layer;
  std::vector<Tensor> by;
  Tensor output, seed;
  Measurement forward_pass, training_step;
};

LayerResult::Mode mode_of(const Measurement& found, double flops, double bytes, double nodes) {
  LayerResult::Mode mode;
  mode.seconds = median(found.samples.wall);
  mode.cpu_seconds = median(found.samples.cpu);
  mode.flops = flops;
  mode.bytes = bytes;
  mode.memory_per_node = found.memory / nodes;
  mode.denormals = found.denormals;
  mode.flushed_cpu_seconds = median(found.flushed.cpu);
  return mode;
}

}  // namespace

std::vector<LayerResult> measure_layers(const Communicator& comm, const Machine& machine, const Options& options) {
  const LayerProblem problem =
      make_layer_problem(comm, options.quick ? 200 : options.nodes, options.patches(), options.dtype);
  std::vector<Measured> all;
  for (LayerRun& run : layer_runs(problem))
    if (options.layers.empty() ||
        std::find(options.layers.begin(), options.layers.end(), run.name) != options.layers.end())
      all.emplace_back(std::move(run));

  // The first run takes memory from the system, later ones find it.
  for (Measured& one : all) {
    one.forward_pass.watch([&] { one.forward(); });
    if (one.layer.differentiable) one.training_step.watch([&] { one.training(); });
  }
  for (int i = 0; i < options.samples; ++i)
    for (Measured& one : all) {
      one.forward_pass.take(comm, [&] { one.forward(); });
      if (one.layer.differentiable) one.training_step.take(comm, [&] { one.training(); });
    }

  std::vector<LayerResult> results;
  for (const Measured& one : all) {
    LayerResult result;
    result.name = one.layer.name;
    result.shape = one.layer.shape;
    result.nodes = problem.nodes();
    result.edges = problem.edges();
    result.differentiable = one.layer.differentiable;
    double bytes = one.layer.index_bytes + (one.output.defined() ? bytes_of(one.output) : 0);
    for (const Tensor& operand : one.by) bytes += bytes_of(operand);
    result.forward = mode_of(one.forward_pass, one.layer.flops, bytes, result.nodes);
    // Backward: both gradients of a product, and every operand, result and gradient once more.
    if (result.differentiable)
      result.training = mode_of(one.training_step, 3 * one.layer.flops, 3 * bytes, result.nodes);
    for (LayerResult::Mode* mode : {&result.forward, &result.training})
      mode->bound = bound_of(machine, options.dtype, mode->flops, mode->bytes);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace halograph::bench
