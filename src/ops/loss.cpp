// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/loss.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/reduce.hpp>

#include "ops/check.hpp"

namespace halograph::ops {
namespace {

/// Both of one shape, none repeated: a column against a row would be a table of all pairs.
void require_same_shape(const char* loss, const Tensor& output, const Tensor& target) {
  require_alike(loss, output, target);
  require(output.rows() == target.rows() && output.cols() == target.cols() && output.row_space() == target.row_space(),
          loss, ": output ", output, " and target ", target, " differ in shape");
}

void require_weight(const char* loss, const Tensor& weight, const Tensor& output) {
  require_alike(loss, output, weight);
  require(weight.rows() == output.rows() && weight.cols() == 1 && weight.row_space() == output.row_space(), loss,
          ": weight ", weight, " is not one column with the rows of ", output);
}

void require_labels(const char* name, const Tensor& logits, const Labels& labels) {
  require_defined(name, logits);
  require(logits.rows() == std::int64_t(labels.values().size()) && logits.row_space() == labels.rows(), name,
          ": logits ", logits, " do not have the rows of the labels");
  require(logits.cols() == labels.n_classes(), name, ": logits ", logits, " for ", labels.n_classes(), " classes");
}

/// sum w_i x_ic / (columns * sum w_i)
Tensor weighted_mean(const Tensor& x, const Tensor& weight) {
  return divide(sum(multiply(x, weight)), scale_shift(sum(weight), double(x.cols())));
}

}  // namespace

Tensor mean_square_error(const Tensor& output, const Tensor& target) {
  require_same_shape("mean_square_error", output, target);
  return mean(square(subtract(output, target)));
}

Tensor mean_absolute_error(const Tensor& output, const Tensor& target) {
  require_same_shape("mean_absolute_error", output, target);
  return mean(absolute(subtract(output, target)));
}

Tensor weighted_mean_square_error(const Tensor& output, const Tensor& target, const Tensor& weight) {
  require_same_shape("weighted_mean_square_error", output, target);
  require_weight("weighted_mean_square_error", weight, output);
  return weighted_mean(square(subtract(output, target)), weight);
}

Tensor huber(const Tensor& output, const Tensor& target, double delta) {
  require(std::isfinite(delta) && delta > 0, "huber: delta ", delta, " is not positive");
  require_same_shape("huber", output, target);
  require(output.dtype() == DType::f64 || std::isfinite(float(delta)), "huber: delta ", delta, " is no number of f32");
  const Tensor size = absolute(subtract(output, target));
  const Tensor beyond = relu(scale_shift(size, 1, -delta));
  return mean(add(scale_shift(square(subtract(size, beyond)), 0.5), scale_shift(beyond, delta)));
}

Tensor cross_entropy(const Tensor& logits, const Labels& labels, const CrossEntropyOptions& options) {
  const double smoothing = options.label_smoothing;
  require_labels("cross_entropy", logits, labels);
  require(smoothing >= 0 && smoothing < 1, "cross_entropy: label_smoothing ", smoothing, " is not in [0, 1)");
  require(labels.n_labelled() > 0, "cross_entropy: none of the rows has a label");
  Tensor weight = labels.labelled(logits.dtype());
  if (options.weight.defined()) {
    require_weight("cross_entropy", options.weight, logits);
    weight = multiply(weight, options.weight);
  }
  const Tensor wanted = scale_shift(labels.one_hot(logits.dtype()), 1 - smoothing, smoothing / double(logits.cols()));
  return negate(weighted_mean(sum_columns(multiply(log_softmax_columns(logits), wanted)), weight));
}

Tensor binary_cross_entropy(const Tensor& logits, const Tensor& target, const Tensor& weight) {
  require_same_shape("binary_cross_entropy", logits, target);
  const Tensor loss = subtract(softplus(logits), multiply(logits, target));
  if (!weight.defined()) return mean(loss);
  require_weight("binary_cross_entropy", weight, logits);
  return weighted_mean(loss, weight);
}

Accuracy accuracy(const Tensor& logits, const Labels& labels) {
  require_labels("accuracy", logits, labels);
  const std::vector<double> value = logits.to_vector<double>();
  const std::int64_t classes = logits.cols();
  std::int64_t correct = 0;
  for (std::int64_t row = 0; row < logits.rows(); ++row) {
    const auto begin = value.begin() + row * classes, end = begin + classes;
    const std::int32_t label = labels.values()[std::size_t(row)];
    const bool comparable = std::none_of(begin, end, [](double x) { return std::isnan(x); });
    correct += label != Labels::none && comparable && std::max_element(begin, end) - begin == label;
  }
  return {labels.rows() ? labels.rows()->comm().sum(correct) : correct, labels.n_labelled()};
}

}  // namespace halograph::ops
