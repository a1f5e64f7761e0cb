// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/data/normalise.hpp>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::data {
namespace {

constexpr double smallest_deviation = 1e-12;

Tensor row(const std::vector<double>& values, Device device) {
  return Tensor::from(values, 1, std::int64_t(values.size()), DType::f64, nullptr, device);
}

}  // namespace

Statistics statistics(std::span<const Tensor> frames) {
  require(!frames.empty(), "statistics: no frames");
  const autograd::RecordingScope off(false);
  const Device device = frames[0].device();
  const std::int64_t channels = frames[0].cols();
  double count = 0;
  for (const Tensor& frame : frames) {
    require(frame.cols() == channels, "statistics: frames of ", channels, " and ", frame.cols(), " channels");
    count += double(ops::global_rows(frame));
  }
  require(count > 0, "statistics: no rows");
  const auto average = [&](auto&& term) {
    Tensor sum = Tensor::zeros(1, channels, DType::f64, nullptr, device);
    for (const Tensor& frame : frames) sum = ops::add(sum, ops::sum_rows(term(ops::cast(frame, DType::f64))));
    std::vector<double> values = sum.to_vector<double>();
    for (double& value : values) value /= count;
    return values;
  };
  Statistics result;
  result.mean = average([](const Tensor& x) { return x; });
  const Tensor mean = row(result.mean, device);
  result.deviation = average([&](const Tensor& x) { return ops::square(ops::subtract(x, mean)); });
  for (double& value : result.deviation) value = std::sqrt(value);
  return result;
}

Tensor standardise(const Tensor& x, const Statistics& statistics, DType dtype) {
  const autograd::RecordingScope off(false);
  std::vector<double> divisor = statistics.deviation;
  for (double& value : divisor) value += smallest_deviation;
  const Tensor centred = ops::subtract(ops::cast(x, DType::f64), row(statistics.mean, x.device()));
  return ops::cast(ops::divide(centred, row(divisor, x.device())), dtype);
}

Tensor restore(const Tensor& x, const Statistics& statistics) {
  const autograd::RecordingScope off(false);
  std::vector<double> factor = statistics.deviation;
  for (double& value : factor) value += smallest_deviation;
  return ops::add(ops::multiply(ops::cast(x, DType::f64), row(factor, x.device())), row(statistics.mean, x.device()));
}

}  // namespace halograph::data
