// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/pna_conv.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <halograph/core/error.hpp>
#include <halograph/core/words.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

using ops::slice_columns;

constexpr Words<DegreeScaler, 5> scalers{{{"identity", DegreeScaler::identity},
                                          {"amplification", DegreeScaler::amplification},
                                          {"attenuation", DegreeScaler::attenuation},
                                          {"linear", DegreeScaler::linear},
                                          {"inverse_linear", DegreeScaler::inverse_linear}}};

/// Linear layers `0`, `2`, ..., the first from `in`, all to `width` columns.
std::vector<Linear> layers_of(const Scope& scope, std::int64_t in, std::int64_t width, std::int64_t count) {
  std::vector<Linear> layers;
  for (std::int64_t k = 0; k < count; ++k) layers.emplace_back(scope / cat(2 * k), k == 0 ? in : width, width);
  return layers;
}

/// The mean of f(d) over the nodes of a histogram of degrees.
template <class F>
double mean_over(const std::vector<std::int64_t>& histogram, F f) {
  double sum = 0, nodes = 0;
  for (std::size_t d = 0; d < histogram.size(); ++d) {
    sum += f(double(d)) * double(histogram[d]);
    nodes += double(histogram[d]);
  }
  return sum / nodes;
}

Tensor at_least_one(const Tensor& degree) { return ops::add(degree, ops::scale_shift(ops::step(degree), -1, 1)); }
Tensor log_of_next(const Tensor& degree) { return ops::logarithm(ops::scale_shift(degree, 1, 1)); }

}  // namespace

DegreeScaler parse_degree_scaler(std::string_view word) { return parse_word(scalers, "scaler", word); }
std::string_view name_of(DegreeScaler scaler) { return word_of(scalers, scaler); }

std::vector<std::int64_t> degree_histogram(const Graph& graph) {
  const std::vector<std::int32_t> offset = graph.edge_offset().to_vector();
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i + 1 < offset.size(); ++i) {
    const std::size_t degree = std::size_t(offset[i + 1] - offset[i]);
    if (degree >= counts.size()) counts.resize(degree + 1, 0);
    ++counts[degree];
  }
  counts.resize(std::size_t(graph.comm().max(std::int64_t(counts.size()))), 0);
  return graph.comm().sum(std::span<const std::int64_t>(counts));
}

PNAConv::PNAConv(const Scope& scope, const PNAConvOptions& options) : name_(scope.name()), options_(options) {
  const auto& o = options_;
  require(!o.aggregators.empty() && !o.scalers.empty(), "PNAConv ", name_, ": ", o.aggregators.size(),
          " aggregators and ", o.scalers.size(), " scalers; expected at least one of each");
  require(o.towers > 0 && o.out_channels % o.towers == 0 && (!o.divide_input || o.in_channels % o.towers == 0),
          "PNAConv ", name_, ": ", o.towers, " towers; expected a divisor of out_channels, ", o.out_channels,
          ", and with divide_input of in_channels, ", o.in_channels);
  require(o.pre_layers > 0 && o.post_layers > 0, "PNAConv ", name_, ": ", o.pre_layers, " pre_layers and ",
          o.post_layers, " post_layers; expected at least one of each");
  std::int64_t nodes = 0;
  for (const std::int64_t count : o.deg) nodes += count;
  require(nodes > 0, "PNAConv ", name_, ": deg counts ", nodes, " nodes, expected the histogram of in-degrees");
  require(nodes > o.deg[0] || std::ranges::all_of(o.scalers, [](auto s) { return s == DegreeScaler::identity; }),
          "PNAConv ", name_, ": deg counts ", nodes, " nodes, all of in-degree 0; scalers divide by the mean of ",
          "degrees, so some nodes have in-edges, or the only scaler is identity");

  const Scope degrees = scope / "aggr_module";
  avg_deg_lin_ = degrees.buffer("avg_deg_lin", 1, 1, mean_over(o.deg, [](double d) { return d; }), true);
  avg_deg_log_ = degrees.buffer("avg_deg_log", 1, 1, mean_over(o.deg, [](double d) { return std::log(d + 1); }), true);
  const std::int64_t width = tower_inputs(), out = o.out_channels / o.towers;
  const std::int64_t aggregates = std::int64_t(o.aggregators.size() * o.scalers.size()) * width;
  if (o.edge_dim > 0) edge_encoder_ = Linear(scope / "edge_encoder", o.edge_dim, width);
  towers_.resize(std::size_t(o.towers));
  for (std::size_t t = 0; t < towers_.size(); ++t)
    towers_[t].pre = layers_of(scope / cat("pre_nns.", t), (o.edge_dim > 0 ? 3 : 2) * width, width, o.pre_layers);
  for (std::size_t t = 0; t < towers_.size(); ++t)
    towers_[t].post = layers_of(scope / cat("post_nns.", t), aggregates + width, out, o.post_layers);
  lin_ = Linear(scope / "lin", o.out_channels, o.out_channels);
}

Tensor PNAConv::tower_columns(const Tensor& x, std::int64_t tower) const {
  return options_.divide_input ? slice_columns(x, tower * tower_inputs(), tower_inputs()) : x;
}

Tensor PNAConv::messages(const Graph& graph, const Tower& tower, const Tensor& x, const Tensor& source,
                         const Tensor& ghosts, const Tensor& edge_attr) const {
  const std::int64_t width = tower_inputs();
  const Tensor& weight = tower.pre[0].weight;
  Tensor bias = tower.pre[0].bias;
  ops::MlpLayers layers;
  layers.activation = options_.act;
  Tensor edges = edge_attr, of_edge;
  if (options_.edge_dim > 0) {
    const Tensor of_code = slice_columns(weight, 2 * width, width);
    of_edge = ops::product(of_code, edge_encoder_.weight);
    bias = ops::add(bias, ops::linear(edge_encoder_.bias, of_code));
  } else {
    edges = Tensor::empty(graph.n_edges(), 0, x.dtype(), graph.edges(), x.device());
    of_edge = Tensor::empty(width, 0, x.dtype(), nullptr, x.device());
  }
  for (const Linear& layer : tower.pre) {
    layers.weight.push_back(layers.weight.empty() ? of_edge : layer.weight);
    layers.bias.push_back(layers.bias.empty() ? Tensor() : layer.bias);
  }
  const Tensor target = ops::linear(x, slice_columns(weight, 0, width), bias);
  return ops::edge_mlp(graph, target, source, ghosts, edges, layers, {.edges = true, .sum = false}).edges;
}

Tensor PNAConv::scale(DegreeScaler scaler, const Tensor& degree) const {
  switch (scaler) {
    case DegreeScaler::identity: return {};
    case DegreeScaler::amplification: return ops::divide(log_of_next(degree), avg_deg_log_);
    case DegreeScaler::attenuation: return ops::divide(avg_deg_log_, log_of_next(at_least_one(degree)));
    case DegreeScaler::linear: return ops::divide(degree, avg_deg_lin_);
    case DegreeScaler::inverse_linear: return ops::divide(avg_deg_lin_, at_least_one(degree));
  }
  throw UsageError(cat("PNAConv ", name_, ": no scaler has number ", int(scaler)));
}

Tensor PNAConv::scaled(const Tower& tower, const Tensor& x, const Tensor& aggregates,
                       const std::vector<Tensor>& scales) const {
  const Linear& first = tower.post[0];
  Tensor y = ops::linear(x, slice_columns(first.weight, 0, x.cols()), first.bias);
  std::int64_t column = x.cols();
  for (const Tensor& s : scales) {
    const Tensor part = ops::linear(aggregates, slice_columns(first.weight, column, aggregates.cols()));
    y = ops::add(y, s.defined() ? ops::multiply(part, s) : part);
    column += aggregates.cols();
  }
  for (std::size_t k = 1; k < tower.post.size(); ++k) y = tower.post[k](ops::activate(options_.act, y));
  return y;
}

Tensor PNAConv::operator()(const Graph& graph, const Tensor& x, const Tensor& edge_attr) const {
  require(x.defined() && x.cols() == options_.in_channels, "PNAConv ", name_, ": x is ", x, ", expected ",
          options_.in_channels, " columns");
  require(
      edge_attr.defined() == (options_.edge_dim > 0) && (!edge_attr.defined() || edge_attr.cols() == options_.edge_dim),
      "PNAConv ", name_, ": edge_attr is ", edge_attr, ", expected edge_dim = ", options_.edge_dim, " columns");
  const std::int64_t width = tower_inputs();
  std::vector<Tensor> sources, outputs, scales;
  for (std::size_t t = 0; t < towers_.size(); ++t)
    sources.push_back(
        ops::linear(tower_columns(x, std::int64_t(t)), slice_columns(towers_[t].pre[0].weight, width, width)));
  const bool single = towers_.size() == 1;
  const Tensor ghosts = ops::halo(graph, single ? sources[0] : ops::concatenate(sources));
  for (const DegreeScaler scaler : options_.scalers) scales.push_back(scale(scaler, graph.in_degree(x.dtype())));
  for (std::size_t t = 0; t < towers_.size(); ++t) {
    const Tensor own = tower_columns(x, std::int64_t(t));
    const Tensor own_ghosts = single ? ghosts : slice_columns(ghosts, std::int64_t(t) * width, width);
    const Tensor m = messages(graph, towers_[t], own, sources[t], own_ghosts, edge_attr);
    outputs.push_back(scaled(towers_[t], own, ops::aggregate(graph, m, options_.aggregators), scales));
  }
  return lin_(single ? outputs[0] : ops::concatenate(outputs));
}

}  // namespace halograph::nn
