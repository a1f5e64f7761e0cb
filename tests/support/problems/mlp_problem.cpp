// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/problems/mlp_problem.hpp"

#include <algorithm>
#include <limits>

#include <halograph/core/error.hpp>

#include "tests/support/device_arrays.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {

using kernels::In;
using kernels::Out;

std::string MlpProblem::describe() const {
  std::string text = cat(rows, " rows, inputs");
  for (const std::int64_t cols : inputs) text += cat(" ", cols);
  text += ", layers";
  for (const std::int64_t cols : widths) text += cat(" ", cols);
  return text + cat(", activation ", int(activation), activate_last ? " to the last" : "", ", biases ",
                    biases & 0xFFFFu, ", norm ", norm, scale ? ", scale" : "", ", residual ", residual,
                    start ? ", start" : "", sum ? ", sum" : "", listed ? ", listed" : "", ", gap ", gap,
                    parameters ? ", parameters" : "", dy ? ", dy" : "");
}

MlpTopology mlp_topology(const MlpProblem& problem) {
  MlpTopology graph;
  // Five patches, the third of them empty; local numbers 1 to 5 of 8.
  graph.total_patches = 8;
  graph.subtrees = {{0, 1}, {1, 1}, {1, 2}};
  const std::int64_t nodes = std::max<std::int64_t>(4, problem.rows / ((problem.most_edges + 1) / 2));
  graph.node_patch = {0, nodes / 4, nodes / 4 + 1, nodes / 4 + 1, nodes * 3 / 4, nodes};
  graph.ghost_patch = {0, 5, 6, 6, 9, 20};
  graph.target_offset = {0};
  graph.row_patch = {0};
  for (std::int64_t p = 0; p < graph.patches(); ++p) {
    const std::int64_t first = graph.node_patch[std::size_t(p)], own = graph.node_patch[std::size_t(p) + 1] - first;
    const std::int64_t first_ghost = graph.ghost_patch[std::size_t(p)];
    const std::int64_t ghosts = graph.ghost_patch[std::size_t(p) + 1] - first_ghost;
    for (std::int64_t node = first; node < first + own; ++node) {
      std::uint64_t edges = mix(std::uint64_t(node) + 77) % std::uint64_t(problem.most_edges + 1);
      if (node == 2) edges = 290;
      for (std::uint64_t e = 0; e < edges; ++e) {
        const auto from = std::int64_t(mix(e * 131 + std::uint64_t(node)) % std::uint64_t(own + ghosts));
        graph.target.push_back(std::int32_t(node));
        graph.source.push_back(std::int32_t(from < own ? first + from : nodes + first_ghost + from - own));
      }
      graph.target_offset.push_back(std::int32_t(graph.target.size()));
    }
    graph.row_patch.push_back(graph.rows());
  }
  graph.source_offset = {0};
  for (std::int64_t from = 0; from < nodes + graph.ghosts(); ++from) {
    for (std::int64_t e = 0; e < graph.rows(); ++e)
      if (graph.source[std::size_t(e)] == from) graph.source_edge.push_back(std::int32_t(e));
    graph.source_offset.push_back(std::int32_t(graph.source_edge.size()));
  }
  // Ranges of four nodes, some left out.
  for (std::int64_t node = 0; node < nodes; node += 4) {
    const std::int32_t begin = graph.target_offset[std::size_t(node)];
    const std::int32_t end = graph.target_offset[std::size_t(std::min(node + 4, nodes))];
    if (node % 16 == 4 || begin == end) continue;
    graph.ranges.push_back(begin);
    graph.ranges.push_back(end);
  }
  return graph;
}

namespace {

class MlpArrays : public DeviceArrays {
 public:
  MlpArrays(const MlpProblem& problem, Device device) : DeviceArrays(device), sparse_(problem.sparse) {}
  /// Random numbers in [-1, 1), some of them zeros of either sign.
  template <class T>
  Out random(std::int64_t rows, std::int64_t cols, std::int64_t gap = 0, bool infinite = false) {
    const Spread<T> shape{rows, cols, gap};
    std::vector<T> values;
    for (std::int64_t i = 0; i < shape.size(); ++i) {
      const std::uint64_t bits = mix(salt_ * 1000003 + std::uint64_t(i));
      const double any = double(bits >> 11) * 0x1p-52 - 1, one = any < 0 ? -1 : 1;
      if (bits % 8 < (sparse_ ? 6 : 1)) values.push_back(T(0 * one));
      else if (infinite && bits % 64 == 63) values.push_back(T(one) * std::numeric_limits<T>::infinity());
      else values.push_back(T(sparse_ ? one : any));
    }
    ++salt_;
    return put(values, shape);
  }
  /// Numbers that nobody should see.
  template <class T>
  Out unset(std::int64_t rows, std::int64_t cols, std::int64_t gap = 0) {
    const Spread<T> shape{rows, cols, gap};
    return put(std::vector<T>(std::size_t(shape.size()), T(-7)), shape);
  }

 private:
  bool sparse_;
  std::uint64_t salt_ = 1;
};

template <class T>
std::vector<std::vector<T>> values_of(const std::vector<Out>& results, const MlpArrays& arrays) {
  std::vector<std::vector<T>> values;
  for (const Out& result : results) {
    values.push_back(arrays.get(static_cast<const T*>(result.data)));
    // All that is not a number is alike.
    for (T& value : values.back())
      if (value != value) value = std::numeric_limits<T>::quiet_NaN();
  }
  return values;
}

template <class T>
kernels::MlpTask make_task(const MlpProblem& problem, const MlpTopology& graph, MlpArrays& arrays) {
  kernels::MlpTask task;
  const bool edges = problem.start || problem.sum || problem.listed;
  task.rows = edges ? graph.rows() : problem.rows;
  std::int64_t cols = 0;
  for (const std::int64_t in : problem.inputs) {
    task.input[task.n_inputs++] = arrays.random<T>(task.rows, in, problem.gap, problem.infinite);
    cols += in;
  }
  for (const std::int64_t out : problem.widths) {
    auto& layer = task.layer[task.n_layers];
    layer.weight = arrays.random<T>(out, cols, problem.gap);
    if (problem.biases >> task.n_layers++ & 1) layer.bias = arrays.random<T>(1, out);
    cols = out;
  }
  task.activation = problem.activation;
  task.activate_last = problem.activate_last;
  task.norm = problem.norm > 0;
  if (problem.norm > 1) {
    task.norm_weight = arrays.random<T>(1, cols);
    task.norm_bias = arrays.random<T>(1, cols);
  }
  if (problem.scale) task.scale = arrays.random<T>(task.rows, 1, problem.gap);
  task.residual = problem.residual;
  if (problem.start) {
    const std::int64_t first = problem.widths[0];
    task.layer[0].bias = {};
    task.start = {arrays.random<T>(graph.nodes(), first, problem.gap), arrays.random<T>(graph.nodes(), first),
                  arrays.random<T>(graph.ghosts(), first, 1), arrays.put(graph.target), arrays.put(graph.source)};
  }
  if (edges) task.sum_row = arrays.put(graph.target);
  return task;
}

}  // namespace

template <class T>
std::vector<std::vector<T>> mlp_results(const MlpProblem& problem, Device device) {
  MlpArrays arrays(problem, device);
  const MlpTopology graph = mlp_topology(problem);
  kernels::MlpTask task = make_task<T>(problem, graph, arrays);
  std::vector<Out> results;
  if (problem.dy) {
    task.y = arrays.unset<T>(task.rows, problem.widths.back());
    results.push_back(task.y);
  }
  if (problem.sum) {
    task.sum = arrays.random<T>(graph.nodes(), problem.widths.back(), problem.gap);
    results.push_back(task.sum);
  }
  if (problem.listed) {
    task.blocks = arrays.put(graph.ranges);
    task.n_blocks = std::int64_t(graph.ranges.size()) / 2;
  }
  arrays.table().mlp(task);
  return values_of<T>(results, arrays);
}

template <class T>
std::vector<std::vector<T>> mlp_gradient_results(const MlpProblem& problem, Device device) {
  MlpArrays arrays(problem, device);
  const MlpTopology graph = mlp_topology(problem);
  kernels::MlpGradientTask task;
  task.mlp = make_task<T>(problem, graph, arrays);
  const kernels::MlpTask& mlp = task.mlp;
  const std::int64_t out = problem.widths.back(), partials = std::int64_t(graph.subtrees.size());
  const bool edges = problem.start || problem.sum || problem.listed;
  std::vector<Out> results;
  const auto result = [&](const Out& view) {
    results.push_back(view);
    return view;
  };
  Out dy;
  if (problem.dy) task.dy = dy = arrays.random<T>(mlp.rows, out, problem.in_place ? 0 : problem.gap);
  if (problem.sum) task.dsum = arrays.random<T>(graph.nodes(), out, problem.gap);
  if (problem.inputs_wanted)
    for (int i = 0; i < mlp.n_inputs; ++i)
      task.dinput[i] =
          result(i == 0 && problem.in_place ? dy : arrays.unset<T>(mlp.rows, mlp.input[i].cols, problem.gap));
  if (problem.start) {
    const std::int64_t first = problem.widths[0];
    if (problem.target_wanted) task.dtarget = result(arrays.random<T>(graph.nodes(), first, problem.gap));
    if (problem.sources_wanted) {
      task.dsource = result(arrays.random<T>(graph.nodes(), first));
      task.dghost = result(arrays.random<T>(graph.ghosts(), first, problem.gap));
    }
    task.target_offset = arrays.put(graph.target_offset);
    task.source_offset = arrays.put(graph.source_offset);
    task.source_edge = arrays.put(graph.source_edge);
    task.node_patch = graph.node_patch.data();
    task.ghost_patch = graph.ghost_patch.data();
  }
  const kernels::Subtree one{0, 0};
  const std::int64_t all_rows[2] = {0, mlp.rows};
  if (edges)
    task.tree = {graph.row_patch.data(), arrays.put(graph.row_patch), graph.first_patch, graph.patches(),
                 graph.total_patches,    graph.subtrees.data(),       int(partials)};
  else task.tree = {all_rows, nullptr, 0, 1, 1, &one, 1};
  if (problem.parameters) {
    const std::int64_t n = task.tree.n_subtrees;
    for (int k = 0; k < mlp.n_layers; ++k) {
      const auto& layer = mlp.layer[k];
      task.dweight[k] = result(arrays.unset<T>(n, layer.weight.rows * layer.weight.cols));
      if (layer.bias.data) task.dbias[k] = result(arrays.unset<T>(n, layer.bias.cols));
    }
    if (mlp.norm_weight.data) {
      task.dnorm_weight = result(arrays.unset<T>(n, out));
      task.dnorm_bias = result(arrays.unset<T>(n, out));
    }
  }
  if (problem.scale) task.dscale = result(arrays.unset<T>(mlp.rows, 1, problem.gap));
  arrays.table().mlp_gradient(task);
  return values_of<T>(results, arrays);
}

template std::vector<std::vector<float>> mlp_results<float>(const MlpProblem&, Device);
template std::vector<std::vector<double>> mlp_results<double>(const MlpProblem&, Device);
template std::vector<std::vector<float>> mlp_gradient_results<float>(const MlpProblem&, Device);
template std::vector<std::vector<double>> mlp_gradient_results<double>(const MlpProblem&, Device);

}  // namespace halograph::testing
