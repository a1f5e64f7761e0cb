// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/kernels.hpp"

#include <array>
#include <functional>
#include <memory>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/random.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/nn/mlp.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/ops/edge_mlp.hpp>
#include <halograph/ops/linear.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/benchmarks/problem.hpp"
#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {
namespace {

struct Kernel {
  KernelResult result;
  std::function<void()> run;
  std::int64_t repeats = 1;
  Samples samples;
};

/// The operations to measure, with their operands.
class KernelList {
 public:
  KernelList(const Problem& problem, DType dtype)
      : graph_(problem.graph()), dtype_(dtype), word_(double(size_of(dtype))) {}

  void add_products(const RowSpacePtr& space, std::int64_t in, std::int64_t out) {
    const Tensor x = rows_of(space, in), dy = rows_of(space, out);
    const Tensor weight = replicated(out, in), bias = replicated(1, out);
    const std::string shape = cat(in, "x", out);
    const double rows = double(space->global_rows()), a = double(in), b = double(out);
    const double flops = 2 * rows * a * b, bytes = word_ * rows * (a + b);
    add({"linear", shape, rows, 0, 0, flops, bytes, {}}, [=] { ops::linear(x, weight, bias).complete(); });
    add({"input_gradient", shape, rows, 0, 0, flops, bytes, {}}, [=] { ops::product(dy, weight).complete(); });
    add({"weight_gradient", shape, rows, 0, 0, flops, bytes, {}}, [=] { ops::outer(dy, x).complete(); });
  }

  void add_layer_norm(std::int64_t cols) {
    const Tensor dy = rows_of(graph_.edges(), cols), bias = replicated(1, cols);
    Tensor x = rows_of(graph_.edges(), cols).set_requires_grad(), weight = replicated(1, cols);
    const std::string shape = cat(cols);
    const double rows = double(graph_.edges()->global_rows()), one = word_ * rows * double(cols);
    add({"layer_norm", shape, rows, 0, 0, 0, 2 * one, {}}, [=] { ops::layer_norm(x, weight, bias).complete(); });
    const autograd::RecordingScope on(true);
    const Tensor y = ops::layer_norm(x, weight, bias);
    add({"layer_norm_gradient", shape, rows, 0, 0, 0, 3 * one, {}}, [=] {
      const autograd::GradOptions keep{false, true};
      grad(std::span(&y, 1), std::span(&dy, 1), std::span(&x, 1), keep)[0].complete();
    });
  }

  /// A multi-layer perceptron of `hidden_layers` + 2 square layers and a norm. Its gradient is that by input and
  /// weights; what is computed again on the way does not count.
  void add_mlp(std::int64_t hidden, int hidden_layers) {
    const nn::MlpOptions options{hidden, hidden, hidden, hidden_layers, ops::Activation::elu, true};
    const auto mlp = nn::make<nn::Mlp>(Scope(Random(1), dtype_) / "mlp", options);
    std::vector<Tensor> by{rows_of(graph_.edges(), hidden).set_requires_grad()};
    for (const NamedTensor& parameter : mlp.state()) by.push_back(parameter.value);
    const Tensor x = by[0], dy = rows_of(graph_.edges(), hidden);
    const std::string shape = cat(hidden, "^", hidden_layers + 2);
    const double rows = double(graph_.edges()->global_rows()), c = double(hidden);
    const double flops = 2 * rows * c * c * (hidden_layers + 2), one = word_ * rows * c;
    add({"mlp", shape, rows, 0, 0, flops, 2 * one, {}}, [=] { mlp(x).complete(); });
    const autograd::RecordingScope on(true);
    const Tensor y = mlp(x);
    add({"mlp_gradient", shape, rows, 0, 0, 2 * flops, 3 * one, {}}, [=] {
      const autograd::GradOptions keep{false, true};
      for (const Tensor& gradient : grad(std::span(&y, 1), std::span(&dy, 1), by, keep)) gradient.complete();
    });
  }

  void add_message(std::int64_t cols) {
    const Tensor x = rows_of(graph_.nodes(), cols), e = rows_of(graph_.edges(), cols), weight = replicated(cols, cols);
    const Tensor ghosts = ops::halo(graph_, x);
    ghosts.complete();
    const std::string shape = cat(cols);
    const double n = double(graph_.nodes()->global_rows()), m = double(graph_.edges()->global_rows()), c = double(cols);
    const Graph graph = graph_;
    add({"gather_source", shape, m, 0, 0, 0, word_ * c * (n + m), {}},
        [=] { ops::gather_source(graph, x, ghosts).complete(); });
    add({"segment_sum", shape, m, 0, 0, 0, word_ * c * (n + m), {}}, [=] { ops::segment_sum(graph, e).complete(); });
    add({"edge_linear_elu", shape, m, 0, 0, 2 * m * c * c, word_ * c * 2 * (n + m), {}},
        [=] { ops::edge_linear(graph, x, x, ghosts, e, weight, ops::Activation::elu).complete(); });
  }

  /// What a step of message passing does on its edges: their MLP from the node parts of its first layer, the residual
  /// and the sums into nodes; going back, all gradients.
  void add_edge_mlp(std::int64_t hidden, int hidden_layers) {
    const nn::Mlp mlp(Scope(Random(1), dtype_) / "mlp",
                      {hidden, hidden, hidden, hidden_layers, ops::Activation::elu, true});
    ops::MlpLayers layers;
    for (int k = 0; k < hidden_layers + 2; ++k) {
      layers.weight.push_back(mlp.layer(std::size_t(k)).weight);
      layers.bias.push_back(k == 0 ? Tensor() : mlp.layer(std::size_t(k)).bias);
    }
    layers.layer_norm = layers.residual = true;
    layers.norm_weight = replicated(1, hidden).set_requires_grad();
    layers.norm_bias = replicated(1, hidden).set_requires_grad();
    const Tensor target = rows_of(graph_.nodes(), hidden).set_requires_grad();
    const Tensor source = rows_of(graph_.nodes(), hidden).set_requires_grad();
    Tensor ghosts = ops::halo(graph_, source);
    ghosts.complete();
    ghosts.set_requires_grad();
    const Tensor e = rows_of(graph_.edges(), hidden).set_requires_grad();
    const Graph graph = graph_;
    const std::string shape = cat(hidden, "^", hidden_layers + 2);
    const double n = double(graph_.nodes()->global_rows()), m = double(graph_.edges()->global_rows()),
                 c = double(hidden);
    const double flops = 2 * m * c * c * (hidden_layers + 2);
    add({"edge_mlp", shape, m, 0, 0, flops, word_ * c * (2 * m + 3 * n), {}},
        [=] { ops::edge_mlp(graph, target, source, ghosts, e, layers).sum.complete(); });
    const autograd::RecordingScope on(true);
    const ops::EdgeMlpResult y = ops::edge_mlp(graph, target, source, ghosts, e, layers);
    const std::array<Tensor, 2> of{y.edges, y.sum},
        by_y{rows_of(graph_.edges(), hidden), rows_of(graph_.nodes(), hidden)};
    std::vector<Tensor> by{e, target, source, ghosts, layers.norm_weight, layers.norm_bias};
    by.insert(by.end(), layers.weight.begin(), layers.weight.end());
    by.insert(by.end(), layers.bias.begin() + 1, layers.bias.end());
    add({"edge_mlp_gradient", shape, m, 0, 0, 2 * flops, word_ * c * (3 * m + 5 * n), {}}, [=] {
      const autograd::GradOptions keep{false, true};
      for (const Tensor& gradient : grad(of, by_y, by, keep)) gradient.complete();
    });
  }

  /// A parameter of as many numbers as edges have in `cols` columns; every rank has all of it.
  void add_adam(const Communicator& comm, std::int64_t cols) {
    const std::int64_t rows = 1 + graph_.edges()->global_rows() / comm.size();
    const Tensor gradient = replicated(rows, cols);
    const auto adam = std::make_shared<optim::Adam>(
        std::vector<NamedTensor>{{"parameter", replicated(rows, cols).set_requires_grad(), true}},
        optim::AdamOptions{});
    const double numbers = double(rows) * double(cols) * comm.size();
    add({"adam", cat(cols), double(rows), 0, 0, 0, 7 * word_ * numbers, {}},
        [=] { adam->step(std::span(&gradient, 1), 1e-4); });
  }

  /// A search, the graph and its exchange plan.
  void add_knn(std::int64_t dimension, std::int64_t k) {
    const Tensor points = rows_of(graph_.nodes(), dimension);
    const double n = double(graph_.nodes()->global_rows());
    const Graph graph = graph_;
    add({"knn_graph", cat(dimension, "d k", k), n, 0, 0, 0, n * (word_ * double(dimension) + 4 * double(k)), {}},
        [=] { knn_graph(graph, points, {.k = k}); });
  }

  std::vector<Kernel>& all() { return all_; }

 private:
  Tensor rows_of(const RowSpacePtr& space, std::int64_t cols) const {
    const Tensor values = Tensor::empty(space->local_rows(), cols, dtype_, space, graph_.device());
    Random(1).fill_uniform(values, space->name(), -1, 1);
    return values;
  }
  Tensor replicated(std::int64_t rows, std::int64_t cols) const {
    const Tensor values = Tensor::empty(rows, cols, dtype_, nullptr, graph_.device());
    Random(1).fill_uniform(values, "weight", -1, 1);
    return values;
  }
  void add(KernelResult result, std::function<void()> run) {
    all_.push_back({std::move(result), std::move(run), 1, {}});
  }

  const Graph& graph_;
  DType dtype_;
  double word_;
  std::vector<Kernel> all_;
};

void sample(const Communicator& comm, Kernel& kernel) {
  const Sample sample = measure(comm, [&] {
    for (std::int64_t i = 0; i < kernel.repeats; ++i) kernel.run();
  });
  kernel.samples.add(sample, 1.0 / double(kernel.repeats));
}

}  // namespace

std::vector<KernelResult> measure_kernels(const Communicator& comm, const Machine& machine, const Options& options) {
  const autograd::RecordingScope off(false);
  const bool gpu = is_gpu(machine.device);
  const std::int64_t side = gpu ? 24 : 8;  // 2.2 million edges on a GPU
  const auto problem = make_problem(comm, options.box(side, comm.size()), options.patches(), options.dtype);
  KernelList list(*problem, options.dtype);
  for (const auto& [in, out] :
       {std::pair{8, 8}, {16, 8}, {32, 32}, {64, 32}, {64, 64}, {128, 128}, {256, 128}, {256, 256}})
    list.add_products(gpu ? problem->graph().edges() : problem->graph().nodes(), in, out);
  for (const int cols : {8, 32, 128}) list.add_layer_norm(cols);
  for (const int cols : {8, 32, 128}) list.add_message(cols);
  for (const auto& [hidden, hidden_layers] : {std::pair{8, 2}, {32, 5}, {128, 1}}) list.add_mlp(hidden, hidden_layers);
  for (const auto& [hidden, hidden_layers] : {std::pair{8, 2}, {32, 5}, {128, 1}})
    list.add_edge_mlp(hidden, hidden_layers);
  list.add_adam(comm, 8);
  list.add_knn(3, 16);

  // A sample lasts some milliseconds, on a GPU more, which the host is slow to notice to be done; all ranks take the
  // same number of runs, for some communicate.
  const double sample_seconds = options.quick ? 0 : gpu ? 2e-2 : 5e-3;
  for (Kernel& kernel : list.all()) {
    kernel.run();
    kernel.repeats = 1 + std::int64_t(sample_seconds / measure(comm, kernel.run).wall);
  }
  for (int i = 0; i < options.samples; ++i)
    for (Kernel& kernel : list.all()) sample(comm, kernel);

  std::vector<KernelResult> results;
  for (Kernel& kernel : list.all()) {
    KernelResult& result = kernel.result;
    result.seconds = median(kernel.samples.wall);
    result.cpu_seconds = median(kernel.samples.cpu);
    result.bound = bound_of(machine, options.dtype, result.flops, result.bytes);
    results.push_back(result);
  }
  return results;
}

}  // namespace halograph::bench
