// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/baseline.hpp>

#include <algorithm>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::train {
namespace {

Tensor f64(const Tensor& x) { return ops::cast(x, DType::f64); }

/// Replicated [1, channels], over all pairs of frames.
Tensor mean_target(const Case& data) {
  std::vector<Tensor> sums;
  for (const Tensor& target : data.target) {
    const Tensor sum = ops::sum_rows(f64(target));
    sums.push_back(sums.empty() ? sum : ops::add(sums.back(), sum));
  }
  const double rows = double(ops::global_rows(data.target[0])) * double(data.target.size());
  return ops::scale_shift(sums.back(), 1 / rows);
}

/// The target as it would be without change; undefined where a part of it is not known.
Tensor all_unchanged(const Case& data, const Config& config, const Tensor& input) {
  std::vector<Tensor> parts;
  for (const std::string& field : config.target) {
    parts.push_back(unchanged(data, config, input, field));
    if (!parts.back().defined()) return {};
  }
  return parts.size() == 1 ? parts[0] : ops::concatenate(parts);
}

}  // namespace

BaselineLoss baseline_loss(const Case& data, const Config& config) {
  require(!data.target.empty(), "baseline_loss: the case has no targets");
  const autograd::RecordingScope off(false);
  const auto loss = [&](const Tensor& predicted, const Tensor& target) {
    return (config.loss == Loss::mean_square_error ? ops::mean_square_error(predicted, target)
                                                   : ops::mean_absolute_error(predicted, target))
        .item();
  };
  const Tensor mean = mean_target(data);
  BaselineLoss result;
  double no_change = 0;
  bool known = true;
  for (std::size_t k = 0; k < data.target.size(); ++k) {
    const Tensor target = f64(data.target[k]), before = all_unchanged(data, config, data.input[k]);
    result.mean += loss(ops::repeat_row(mean, target), target) / double(data.target.size());
    known = known && before.defined();
    if (known) no_change += loss(f64(before), target) / double(data.target.size());
  }
  if (known) result.no_change = no_change;
  return result;
}

Tensor unchanged(const Case& data, const Config& config, const Tensor& input, const std::string& field) {
  const auto column = column_of(data.scaling.statistics, config.input, field);
  if (config.target_shift == 0 || !column) return {};
  const data::Statistics values = joined(data.scaling.statistics, {field});
  return ops::slice_columns(input, *column, std::int64_t(values.mean.size()));
}

}  // namespace halograph::train
