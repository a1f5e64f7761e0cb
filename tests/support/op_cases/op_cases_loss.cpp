// SPDX-License-Identifier: BSD-3-Clause
// Losses and the softmax they are made of.
#include <algorithm>
#include <cmath>

#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/maximum.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t n_classes = 5;

/// Every fourth row has no label.
std::int32_t label_of(std::int64_t global_row) {
  const std::uint64_t number = mix(std::uint64_t(global_row) + 5);
  return number % 4 == 0 ? Labels::none : std::int32_t(number / 4 % n_classes);
}

Labels labels_for(const Tensor& x) {
  const std::int64_t first = x.partitioned() ? x.row_space()->first_row() : 0;
  std::vector<std::int32_t> label;
  for (std::int64_t r = 0; r < x.rows(); ++r) label.push_back(label_of(first + r));
  return x.partitioned() ? Labels(x.row_space(), label, n_classes, x.device()) : Labels(label, n_classes, x.device());
}

Array one(double value) { return Array::Constant(1, 1, value); }

Array log_softmax(const Array& x) {
  Array y = x;
  for (Eigen::Index r = 0; r < x.rows(); ++r) {
    const double largest = x.row(r).maxCoeff();
    y.row(r) -= std::log((x.row(r) - largest).exp().sum()) + largest;
  }
  return y;
}

Array cross_entropy(const Array& x, const Array& weight, double smoothing) {
  const Array log_p = log_softmax(x);
  double sum = 0, weights = 0;
  for (Eigen::Index r = 0; r < x.rows(); ++r) {
    const std::int32_t label = label_of(r);
    if (label < 0) continue;
    weights += weight(r, 0);
    sum -= weight(r, 0) * ((1 - smoothing) * log_p(r, label) + smoothing / double(n_classes) * log_p.row(r).sum());
  }
  return one(sum / weights);
}

Array binary(const Array& x, const Array& t, const Array& weight) {
  const Array p = 1 / (1 + (-x).exp());
  const Array loss = -(t * p.log() + (1 - t) * (1 - p).log());
  return one((loss.colwise() * weight.col(0)).sum() / (double(x.cols()) * weight.sum()));
}

Array huber(const Array& x, const Array& t, double delta) {
  double sum = 0;
  for (Eigen::Index r = 0; r < x.rows(); ++r)
    for (Eigen::Index c = 0; c < x.cols(); ++c) {
      const double e = std::abs(x(r, c) - t(r, c));
      sum += e <= delta ? e * e / 2 : delta * (e - delta / 2);
    }
  return one(sum / double(x.size()));
}

}  // namespace

void add_loss_cases(std::vector<OpCase>& cases) {
  const auto add = [&](std::string name, std::vector<Operand> operands, Tensor (*op)(const Tensors&),
                       Array (*loops)(const Arrays&)) {
    OpCase c;
    c.name = std::move(name);
    c.operands = std::move(operands);
    c.op = [op](const Graph&, const Tensors& x) { return Tensors{op(x)}; };
    c.reference = [loops](const Topology&, const Arrays& x) { return Arrays{loops(x)}; };
    cases.push_back(std::move(c));
  };
  const Operand rows{Where::nodes, n_classes}, more{Where::nodes, n_classes}, graphs{Where::replicated, n_classes, 6};
  const Operand weight{Where::nodes, 1, 1, Values::positive}, odds{Where::nodes, 5, 1, Values::positive};

  add(
      "log_softmax_columns", {rows}, [](const Tensors& x) { return ops::log_softmax_columns(x[0]); },
      [](const Arrays& x) { return log_softmax(x[0]); });
  // Where exp() overflows and where it is 0.
  add(
      "log_softmax_columns of large numbers", {rows},
      [](const Tensors& x) { return ops::log_softmax_columns(ops::scale_shift(x[0], 400, 1000)); },
      [](const Arrays& x) { return log_softmax(x[0] * 400 + 1000); });
  cases.back().smooth = false;  // too steep for differences
  add(
      "mean_square_error", {rows, more}, [](const Tensors& x) { return ops::mean_square_error(x[0], x[1]); },
      [](const Arrays& x) { return one((x[0] - x[1]).square().mean()); });
  add(
      "mean_absolute_error", {rows, more}, [](const Tensors& x) { return ops::mean_absolute_error(x[0], x[1]); },
      [](const Arrays& x) { return one((x[0] - x[1]).abs().mean()); });
  add(
      "weighted_mean_square_error", {rows, more, weight},
      [](const Tensors& x) { return ops::weighted_mean_square_error(x[0], x[1], x[2]); },
      [](const Arrays& x) {
        return one(((x[0] - x[1]).square().colwise() * x[2].col(0)).sum() / (double(n_classes) * x[2].sum()));
      });
  add(
      "huber", {rows, more}, [](const Tensors& x) { return ops::huber(x[0], x[1], 0.4); },
      [](const Arrays& x) { return huber(x[0], x[1], 0.4); });
  add(
      "cross_entropy", {rows}, [](const Tensors& x) { return ops::cross_entropy(x[0], labels_for(x[0])); },
      [](const Arrays& x) { return cross_entropy(x[0], Array::Ones(x[0].rows(), 1), 0); });
  add(
      "cross_entropy of weighted rows, smoothed", {rows, weight},
      [](const Tensors& x) {
        return ops::cross_entropy(x[0], labels_for(x[0]), {.label_smoothing = 0.3, .weight = x[1]});
      },
      [](const Arrays& x) { return cross_entropy(x[0], x[1], 0.3); });
  add(
      "cross_entropy of graphs", {graphs}, [](const Tensors& x) { return ops::cross_entropy(x[0], labels_for(x[0])); },
      [](const Arrays& x) { return cross_entropy(x[0], Array::Ones(x[0].rows(), 1), 0); });
  add(
      "binary_cross_entropy", {rows, odds},
      [](const Tensors& x) { return ops::binary_cross_entropy(ops::scale_shift(x[0], 3), x[1]); },
      [](const Arrays& x) { return binary(x[0] * 3, x[1], Array::Ones(x[0].rows(), 1)); });
  add(
      "binary_cross_entropy of weighted rows", {rows, odds, weight},
      [](const Tensors& x) { return ops::binary_cross_entropy(x[0], x[1], x[2]); },
      [](const Arrays& x) { return binary(x[0], x[1], x[2]); });
}

}  // namespace halograph::testing
