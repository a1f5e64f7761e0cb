// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/norm/batch_norm.hpp>

#include <cmath>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::nn {

BatchNorm::BatchNorm(const Scope& scope, const BatchNormOptions& options) : name_(scope.name()), options_(options) {
  const std::int64_t c = options.in_channels;
  require(c > 0, "BatchNorm ", name_, ": in_channels is ", c, "; there is at least one");
  require(options.eps > 0, "BatchNorm ", name_, ": eps is ", options.eps, "; it is above 0");
  require(!options.momentum || (*options.momentum >= 0 && *options.momentum <= 1), "BatchNorm ", name_,
          ": momentum is ", options.momentum.value_or(0), "; it is a weight between 0 and 1");
  require(!options.allow_single_element || options.track_running_stats, "BatchNorm ", name_,
          ": allow_single_element without track_running_stats; there are no averages to use");
  const Scope module = scope / options.part;
  if (options.affine) {
    weight_ = module.constant("weight", 1, c, 1, true);
    bias_ = module.constant("bias", 1, c, 0, true);
  }
  if (!options.track_running_stats) return;
  running_mean_ = module.buffer("running_mean", 1, c, 0, true);
  running_var_ = module.buffer("running_var", 1, c, 1, true);
  batches_ = module.buffer("num_batches_tracked", 1, 1, 0, Axes(std::vector<std::int64_t>()));
}

Tensor BatchNorm::operator()(const Tensor& x, const Mode& mode) const {
  require(x.defined() && x.cols() == options_.in_channels, "BatchNorm ", name_, ": ", x, " for ", options_.in_channels,
          " channels");
  const std::int64_t rows = ops::global_rows(x);
  const bool from_rows =
      (mode.training && !(options_.allow_single_element && rows == 1)) || !options_.track_running_stats;
  Tensor centred, variance;
  if (from_rows) {
    require(!mode.training || rows > 1, "BatchNorm ", name_, ": training on ", rows, " rows; a variance needs two");
    const double share = 1 / double(rows);
    const Tensor mean = ops::scale_shift(ops::sum_rows(x), share);
    centred = ops::subtract(x, mean);
    variance = ops::scale_shift(ops::sum_rows(ops::square(centred)), share);
    if (mode.training && options_.track_running_stats) keep(mean, variance, rows);
  } else {
    centred = ops::subtract(x, running_mean_);
    variance = running_var_;
  }
  const Tensor rstd = ops::reciprocal(ops::square_root(ops::scale_shift(variance, 1, options_.eps)));
  if (!options_.affine) return ops::multiply(centred, rstd);
  return ops::add(ops::multiply(centred, ops::multiply(rstd, weight_)), bias_);
}

void BatchNorm::keep(const Tensor& mean, const Tensor& variance, std::int64_t rows) const {
  const autograd::RecordingScope off(false);
  const double batches = batches_.item() + 1;
  const double weight = options_.momentum.value_or(1 / batches);
  // An average of nothing but zeros decays; it is 0 before it is denormal.
  const double least = mean.dtype() == DType::f32 ? 0x1p-100 : 0x1p-996;
  const auto average = [&](Tensor running, const Tensor& value, double factor) {
    std::vector<double> values =
        ops::add(ops::scale_shift(running, 1 - weight), ops::scale_shift(value, weight * factor)).to_vector<double>();
    for (double& one : values)
      if (std::abs(one) < least) one = 0;
    running.assign(values);
  };
  average(running_mean_, mean, 1);
  average(running_var_, variance, double(rows) / double(rows - 1));
  Tensor(batches_).assign(std::vector<double>{batches});
}

}  // namespace halograph::nn
