// SPDX-License-Identifier: BSD-3-Clause
// Losses over all rows of all ranks: replicated [1, 1] tensors, and how many rows are classified rightly. Collective
// where rows are partitioned. Differentiable as often as one likes by outputs and targets, not by labels.
#pragma once

#include <cstdint>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/labels.hpp>

namespace halograph::ops {

/// sum (output - target)^2 / (rows * columns)
Tensor mean_square_error(const Tensor& output, const Tensor& target);
/// sum |output - target| / (rows * columns)
Tensor mean_absolute_error(const Tensor& output, const Tensor& target);
/// sum w_i (output_i - target_i)^2 / (columns * sum w_i), with `weight` [n, 1]: where rows stand for
/// copies of nodes, weights 1 / copies make every node count once.
Tensor weighted_mean_square_error(const Tensor& output, const Tensor& target, const Tensor& weight);

/// sum huber(output - target) / (rows * columns) with huber(e) = e^2 / 2 where |e| <= delta, else delta (|e| - delta /
/// 2); torch's smooth_l1_loss with `beta` is this one with delta = beta, divided by beta.
Tensor huber(const Tensor& output, const Tensor& target, double delta = 1);

struct CrossEntropyOptions {
  /// The part of a label, in [0, 1), that is spread evenly over all classes.
  double label_smoothing = 0;
  /// [n, 1] weight of each row, 0 to leave it out; undefined: 1. The weights must not sum to 0.
  Tensor weight = {};
};

/// sum w_i l_i / sum w_i over rows with a label, l_i = -sum_c q_ic log softmax(logits_i)_c; q_i is 1 - s + s /
/// n_classes for the row's class and s / n_classes for the others, s the smoothing. `logits` [n, n_classes] and the
/// differences between those of a row are finite. UsageError if no row has a label.
Tensor cross_entropy(const Tensor& logits, const Labels& labels, const CrossEntropyOptions& options = {});

/// sum w_i l_ic / (columns * sum w_i) with l = log(1 + exp(x)) - x t, the cross entropy of sigmoid(x) with t; `target`
/// holds probabilities of the shape of `logits`, `weight` is [n, 1] or undefined, 1. `logits` are finite, of any size.
Tensor binary_cross_entropy(const Tensor& logits, const Tensor& target, const Tensor& weight = {});

/// Rows whose class is found, and rows with a label, over all ranks.
struct Accuracy {
  std::int64_t correct = 0, total = 0;
  /// correct / total; 0 without labels.
  double value() const { return total > 0 ? double(correct) / double(total) : 0; }
};

/// A row is of the class with its largest logit, the first of equals; one with a NaN is of none. Collective if
/// partitioned.
Accuracy accuracy(const Tensor& logits, const Labels& labels);

}  // namespace halograph::ops

namespace halograph {
using ops::binary_cross_entropy;
using ops::cross_entropy;
using ops::huber;
using ops::mean_absolute_error;
using ops::mean_square_error;
using ops::weighted_mean_square_error;
}  // namespace halograph
