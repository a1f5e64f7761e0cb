// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/data/normalise.hpp>

#include <algorithm>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

namespace halograph::data {
namespace {

// The guard stays where it decided bits before; a channel in small units must not vanish beside it.
constexpr double guard = 1e-12, guarded_from = 1e-6;

// The result of a few thousand operations in f64 is off by some hundred units in the last place: 2^8 * 2^-52. A number
// of f32 was rounded a few times, and a spread of 1e-6 may be real there: 2^2 * 2^-23.
constexpr double rounding_of_f64 = 0x1p-44, rounding_of_f32 = 0x1p-21;

Tensor row(const std::vector<double>& values, Device device) {
  return Tensor::from(values, 1, std::int64_t(values.size()), DType::f64, nullptr, device);
}

double magnitude(const Range& range, std::size_t channel) {
  return std::max(std::abs(range.smallest[channel]), std::abs(range.largest[channel]));
}

/// Applies `term` to each frame in f64 and joins the rows that result, element by element.
template <class Term, class Join>
std::vector<double> over_frames(std::span<const Tensor> frames, Term term, Join join) {
  std::vector<double> total;
  for (const Tensor& frame : frames) {
    const std::vector<double> values = term(ops::cast(frame, DType::f64)).template to_vector<double>();
    if (total.empty()) total = values;
    else std::transform(total.begin(), total.end(), values.begin(), total.begin(), join);
  }
  return total;
}

double larger(double a, double b) { return std::max(a, b); }

/// The channels whose values are all numbers of f32.
std::vector<bool> numbers_of_f32(std::span<const Tensor> frames) {
  const std::vector<double> lost = over_frames(
      frames,
      [](const Tensor& x) {
        return ops::max_rows(ops::absolute(ops::subtract(x, ops::cast(ops::cast(x, DType::f32), DType::f64))));
      },
      larger);
  std::vector<bool> exact;
  for (const double value : lost) exact.push_back(value == 0);
  return exact;
}

std::vector<bool> constant_channels(std::span<const Tensor> frames, const Range& range) {
  std::vector<bool> constant, in_doubt;
  for (std::size_t c = 0; c < range.largest.size(); ++c) {
    const double spread = range.largest[c] - range.smallest[c];
    constant.push_back(spread <= rounding_of_f64 * magnitude(range, c));
    in_doubt.push_back(!constant[c] && spread <= rounding_of_f32 * magnitude(range, c));
  }
  if (std::find(in_doubt.begin(), in_doubt.end(), true) == in_doubt.end()) return constant;
  const std::vector<bool> in_f32 = numbers_of_f32(frames);
  for (std::size_t c = 0; c < constant.size(); ++c)
    if (in_doubt[c] && in_f32[c]) constant[c] = true;
  return constant;
}

/// Powers of two that bring the channels to a magnitude near 1, where squares neither overflow nor underflow. They
/// leave the digits as they are.
std::vector<double> powers_of_two(const Range& range) {
  constexpr int largest_exponent = 1000;
  std::vector<double> powers;
  for (std::size_t c = 0; c < range.largest.size(); ++c) {
    const double size = magnitude(range, c);
    powers.push_back(size == 0 ? 1
                               : std::ldexp(1.0, std::clamp(-std::ilogb(size), -largest_exponent, largest_exponent)));
  }
  return powers;
}

}  // namespace

Range range(std::span<const Tensor> frames) {
  require(!frames.empty(), "range: no frames");
  const autograd::RecordingScope off(false);
  Range result;
  result.largest = over_frames(
      frames, [](const Tensor& x) { return ops::max_rows(x); }, larger);
  result.smallest = over_frames(
      frames, [](const Tensor& x) { return ops::max_rows(ops::negate(x)); }, larger);
  for (double& value : result.smallest) value = 0.0 - value;
  return result;
}

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
  result.range = range(frames);
  result.mean = average([](const Tensor& x) { return x; });
  for (std::size_t c = 0; c < result.mean.size(); ++c)
    require(std::isfinite(result.mean[c]), "channel ", c, " has values from ", result.range.smallest[c], " to ",
            result.range.largest[c], ": their sum is not finite");
  const Tensor mean = row(result.mean, device);
  const std::vector<double> powers = powers_of_two(result.range);
  const Tensor power = row(powers, device);
  result.deviation =
      average([&](const Tensor& x) { return ops::square(ops::multiply(ops::subtract(x, mean), power)); });
  const std::vector<bool> constant = constant_channels(frames, result.range);
  for (std::size_t c = 0; c < result.deviation.size(); ++c)
    result.deviation[c] = constant[c] ? 0 : std::sqrt(result.deviation[c]) / powers[c];
  return result;
}

std::vector<double> scales(const Statistics& statistics) {
  std::vector<double> scales = statistics.deviation;
  for (double& value : scales)
    if (value == 0) value = 1;
    else if (value >= guarded_from) value += guard;
  return scales;
}

Tensor standardise(const Tensor& x, const Statistics& statistics, DType dtype) {
  const autograd::RecordingScope off(false);
  const Tensor centred = ops::subtract(ops::cast(x, DType::f64), row(statistics.mean, x.device()));
  return ops::cast(ops::divide(centred, row(scales(statistics), x.device())), dtype);
}

Tensor restore(const Tensor& x, const Statistics& statistics) {
  const autograd::RecordingScope off(false);
  const Tensor deviations = ops::multiply(ops::cast(x, DType::f64), row(scales(statistics), x.device()));
  return ops::add(deviations, row(statistics.mean, x.device()));
}

}  // namespace halograph::data
