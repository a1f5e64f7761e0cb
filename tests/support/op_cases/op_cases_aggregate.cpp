// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <functional>

#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/attention.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/message.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using ops::Aggregation;
/// What the values of one column over the in-edges of one node, at least one, give.
using OfColumn = std::function<double(const std::vector<double>&)>;

double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / double(x.size());
}

double variance_of(const std::vector<double>& x) {
  std::vector<double> squares;
  for (const double v : x) squares.push_back((v - mean_of(x)) * (v - mean_of(x)));
  return mean_of(squares);
}

double product_of(const std::vector<double>& x) {
  double product = 1;
  for (const double v : x) product *= v;
  return product;
}

double softmax_sum_of(const std::vector<double>& x) {
  double above = 0, below = 0;
  for (const double v : x) {
    above += v * std::exp(v);
    below += std::exp(v);
  }
  return above / below;
}

Array by_column(const Topology& t, const Array& edges, double empty, const OfColumn& f) {
  Array y = Array::Constant(t.nodes, edges.cols(), empty);
  for (std::int64_t i = 0; i < t.nodes; ++i)
    for (Eigen::Index c = 0; c < edges.cols(); ++c) {
      std::vector<double> values;
      for (std::int64_t e = 0; e < t.edges(); ++e)
        if (t.target[std::size_t(e)] == i) values.push_back(edges(e, c));
      if (!values.empty()) y(i, c) = f(values);
    }
  return y;
}

Array reference(const Topology& t, const Array& edges, Aggregation aggregation) {
  switch (aggregation) {
    case Aggregation::sum: return by_column(t, edges, 0, [](const auto& x) { return mean_of(x) * double(x.size()); });
    case Aggregation::mean: return by_column(t, edges, 0, mean_of);
    case Aggregation::max:
      return by_column(t, edges, 0, [](const auto& x) { return *std::max_element(x.begin(), x.end()); });
    case Aggregation::min:
      return by_column(t, edges, 0, [](const auto& x) { return *std::min_element(x.begin(), x.end()); });
    case Aggregation::mul: return by_column(t, edges, 1, product_of);
    case Aggregation::var: return by_column(t, edges, 0, variance_of);
    case Aggregation::std:
      return by_column(t, edges, 0,
                       [](const auto& x) { return variance_of(x) > 1e-5 ? std::sqrt(variance_of(x)) : 0; });
    case Aggregation::softmax: return by_column(t, edges, 0, softmax_sum_of);
  }
  return {};
}

Array softmax(const Topology& t, const Array& edges) {
  const Array sum = by_column(t, edges.exp(), 0, [](const auto& x) { return mean_of(x) * double(x.size()); });
  Array y = edges.exp();
  for (std::int64_t e = 0; e < t.edges(); ++e) y.row(e) /= sum.row(t.target[std::size_t(e)]);
  return y;
}

OpCase case_of(std::string name, std::vector<Operand> operands, std::function<Tensor(const Graph&, const Tensors&)> op,
               std::function<Array(const Topology&, const Arrays&)> expected) {
  OpCase c;
  c.name = std::move(name);
  c.operands = std::move(operands);
  c.op = [op](const Graph& g, const Tensors& x) { return Tensors{op(g, x)}; };
  c.reference = [expected](const Topology& t, const Arrays& x) { return Arrays{expected(t, x)}; };
  return c;
}

/// Two heads of three channels.
Array scores(const Topology& t, const Array& target, const Array& source, const Array& edges, const Array& weight,
             const Array& att) {
  Array y = Array::Zero(t.edges(), 2);
  for (std::int64_t e = 0; e < t.edges(); ++e)
    for (Eigen::Index k = 0; k < 6; ++k) {
      double sum = target(t.target[std::size_t(e)], k) + source(t.source[std::size_t(e)], k);
      for (Eigen::Index c = 0; c < edges.cols(); ++c) sum += weight(k, c) * edges(e, c);
      y(e, k / 3) += att(k / 3, k % 3) * (sum > 0 ? sum : 0.2 * sum);
    }
  return y;
}

}  // namespace

void add_aggregate_cases(std::vector<OpCase>& cases) {
  const Operand edges{Where::edges, 5};
  for (const Aggregation a : {Aggregation::sum, Aggregation::mean, Aggregation::max, Aggregation::min, Aggregation::mul,
                              Aggregation::var, Aggregation::std, Aggregation::softmax})
    cases.push_back(case_of(
        "aggregate " + std::string(ops::name_of(a)), {edges},
        [a](const Graph& g, const Tensors& x) { return ops::aggregate(g, x[0], a); },
        [a](const Topology& t, const Arrays& x) { return reference(t, x[0], a); }));

  static const std::vector<Aggregation> list{Aggregation::std, Aggregation::mean, Aggregation::max, Aggregation::var};
  cases.push_back(case_of(
      "aggregate a list", {edges}, [](const Graph& g, const Tensors& x) { return ops::aggregate(g, x[0], list); },
      [](const Topology& t, const Arrays& x) {
        Array y(t.nodes, 0);
        for (const Aggregation a : list) {
          y.conservativeResize(Eigen::NoChange, y.cols() + x[0].cols());
          y.rightCols(x[0].cols()) = reference(t, x[0], a);
        }
        return y;
      }));
  OpCase moments;
  moments.name = "segment_moments";
  moments.operands = {edges};
  moments.op = [](const Graph& g, const Tensors& x) {
    const ops::Moments both = ops::segment_moments(g, x[0]);
    return Tensors{both.mean, both.variance};
  };
  moments.reference = [](const Topology& t, const Arrays& x) {
    return Arrays{reference(t, x[0], Aggregation::mean), reference(t, x[0], Aggregation::var)};
  };
  cases.push_back(moments);
  cases.push_back(case_of(
      "segment_moments, of which the mean alone", {edges},
      [](const Graph& g, const Tensors& x) { return ops::segment_moments(g, x[0]).mean; },
      [](const Topology& t, const Arrays& x) { return reference(t, x[0], Aggregation::mean); }));
  cases.push_back(case_of(
      "segment_softmax", {edges}, [](const Graph& g, const Tensors& x) { return ops::segment_softmax(g, x[0]); },
      [](const Topology& t, const Arrays& x) { return softmax(t, x[0]); }));
  // Factors that are exactly 0, one or several in a node, with derivatives that divide by nothing.
  cases.push_back(case_of(
      "segment_product with zeros", {edges},
      [](const Graph& g, const Tensors& x) {
        return ops::segment_product(g, ops::multiply(x[0], ops::step(ops::scale_shift(x[0], 1, 0.5))));
      },
      [](const Topology& t, const Arrays& x) {
        return by_column(t, x[0] * (x[0] > -0.5).cast<double>(), 1, product_of);
      }));
  // Spreads below the least that counts, and equal values.
  cases.push_back(case_of(
      "segment_std of little", {edges},
      [](const Graph& g, const Tensors& x) {
        return ops::segment_std(g, ops::multiply(x[0], ops::step(ops::scale_shift(x[0], 1, -0.5))));
      },
      [](const Topology& t, const Arrays& x) {
        return reference(t, x[0] * (x[0] > 0.5).cast<double>(), Aggregation::std);
      }));
  cases.push_back(case_of(
      "attention_scores",
      {{Where::nodes, 6}, {Where::nodes, 6}, {Where::edges, 4}, {Where::replicated, 4, 6}, {Where::replicated, 3, 2}},
      [](const Graph& g, const Tensors& x) {
        return ops::attention_scores(g, x[0], x[1], ops::halo(g, x[1]), x[2], x[3], x[4], 0.2);
      },
      [](const Topology& t, const Arrays& x) { return scores(t, x[0], x[1], x[2], x[3], x[4]); }));
}

}  // namespace halograph::testing
