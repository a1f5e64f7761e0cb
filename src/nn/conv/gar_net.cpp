// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/conv/gar_net.hpp>

#include <array>

#include <halograph/core/error.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/graph_product.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {
namespace {

using Collapse = GarNetOptions::Collapse;

std::int64_t out_width(const GarNetOptions& o) {
  return o.mode == GarNetOptions::Mode::simplified
             ? o.aggregators * o.propagate
             : o.in_channels + 2 * o.aggregators * (o.propagate + o.aggregators) + o.aggregators;
}

const GarNetOptions& checked(const std::string& name, const GarNetOptions& o) {
  require(o.aggregators > 0 && o.propagate > 0, "GarNet ", name, ": ", o.aggregators, " aggregators and ", o.propagate,
          " propagated channels; there is at least one of each");
  require(!o.norm || *o.norm > 0, "GarNet ", name, ": norm is ", o.norm.value_or(0), "; it is a number of nodes");
  require(o.mode == GarNetOptions::Mode::simplified || (!o.norm && o.collapse == Collapse::none), "GarNet ", name,
          ": norm and collapse belong to mode simplified");
  return o;
}

}  // namespace

GarNet::GarNet(const Scope& scope, const GarNetOptions& options)
    : name_(scope.name()),
      options_(checked(name_, options)),
      lin_flr_(scope / "lin_flr", options.in_channels, options.propagate, {.glorot = true}),
      lin_s_(scope / "lin_s", options.in_channels, options.aggregators, {.glorot = true}),
      lin_out_(scope / "lin_out", out_width(options), options.out_channels, {.glorot = true}) {}

Tensor GarNet::operator()(const Batch& batch, const Tensor& x) const {
  require(x.defined() && x.cols() == options_.in_channels, "GarNet ", name_, ": ", x, " for ", options_.in_channels,
          " channels");
  const Tensor f = lin_flr_(x), d = lin_s_(x);
  const bool squared = options_.potential == GarNetOptions::Potential::exp_square;
  const Tensor w = ops::fading_exponential(ops::negate(squared ? ops::square(d) : ops::absolute(d)));
  return options_.mode == GarNetOptions::Mode::original ? original(batch, x, f, w) : simplified(batch, f, w);
}

Tensor GarNet::divide_by_nodes(const Batch& batch, const Tensor& sums) const {
  return options_.norm ? ops::scale_shift(sums, 1 / *options_.norm) : ops::divide(sums, batch.divisor(sums.dtype()));
}

Tensor GarNet::original(const Batch& batch, const Tensor& x, const Tensor& f, const Tensor& w) const {
  const std::array<Tensor, 2> parts{f, w};
  const Tensor features = ops::concatenate(parts);
  const std::int64_t c = x.cols(), p = features.cols(), a = w.cols();
  const Tensor largest = ops::graph_outer_max(batch, w, features);
  const Tensor mean = divide_by_nodes(batch, ops::graph_outer(batch, w, features));
  std::vector<Tensor> bases;
  for (std::int64_t k = 0; k < a; ++k) {
    const std::array<Tensor, 2> aggregated{ops::slice_columns(largest, k * p, p), ops::slice_columns(mean, k * p, p)};
    bases.push_back(ops::linear(aggregated, ops::slice_columns(lin_out_.weight, c + 2 * k * p, 2 * p)));
  }
  const std::array<Tensor, 2> own{x, w};
  const std::array<Tensor, 2> weight{ops::slice_columns(lin_out_.weight, 0, c),
                                     ops::slice_columns(lin_out_.weight, c + 2 * a * p, a)};
  const Tensor direct = ops::linear(own, ops::concatenate(weight), lin_out_.bias);
  return ops::activate(options_.activation, ops::add(direct, ops::graph_product(batch, w, ops::concatenate(bases))));
}

Tensor GarNet::simplified(const Batch& batch, const Tensor& f, const Tensor& w) const {
  const std::int64_t p = f.cols();
  const Tensor aggregated = divide_by_nodes(batch, ops::graph_outer(batch, w, f));
  std::vector<Tensor> bases;
  for (std::int64_t k = 0; k < w.cols(); ++k)
    bases.push_back(
        ops::linear(ops::slice_columns(aggregated, k * p, p), ops::slice_columns(lin_out_.weight, k * p, p)));
  const Tensor y = ops::activate(options_.activation,
                                 ops::add(ops::graph_product(batch, w, ops::concatenate(bases)), lin_out_.bias));
  switch (options_.collapse) {
    case Collapse::none: return y;
    case Collapse::mean: return divide_by_nodes(batch, ops::graph_sum(batch, y));
    case Collapse::sum: return ops::graph_sum(batch, y);
    case Collapse::max: break;
  }
  return ops::graph_max(batch, y);
}

}  // namespace halograph::nn
