// SPDX-License-Identifier: BSD-3-Clause
#include "train/data_warnings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <sstream>
#include <vector>

#include <halograph/autograd/tape.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>

#include "core/contains.hpp"

namespace halograph::train {
namespace {

constexpr std::size_t most_lines = 8;

/// Nine digits: 0.1 stays 0.1, and 101325.1 too.
std::string number(double value, int digits = 9) {
  std::ostringstream text;
  text.precision(digits);
  text << value;
  return std::move(text).str();
}

/// "channel 2 is constant (0)", "channels 0, 3 are constant (1, 5)", for a single channel "is constant (100)"; empty if
/// none is.
std::string constant_channels(const data::Statistics& values) {
  std::string channels, means;
  std::size_t count = 0;
  for (std::size_t c = 0; c < values.mean.size(); ++c) {
    if (values.deviation[c] != 0) continue;
    if (++count > most_lines) continue;
    channels += cat(count == 1 ? "" : ", ", c);
    means += cat(count == 1 ? "" : ", ", number(values.mean[c]));
  }
  if (count == 0) return {};
  if (values.mean.size() == 1) return cat(" is constant (", means, ")");
  const std::string more = count > most_lines ? cat(" and ", count - most_lines, " more") : "";
  return cat(count == 1 ? ", channel " : ", channels ", channels, more, count == 1 ? " is" : " are", " constant (",
             means, ")");
}

/// Whether target and input columns agree in every pair of frames. Collective.
bool same_in_all_pairs(const Case& data, std::int64_t target, std::int64_t input, std::int64_t channels) {
  for (std::size_t k = 0; k < data.target.size(); ++k) {
    const Tensor difference = ops::subtract(ops::slice_columns(data.target[k], target, channels),
                                            ops::slice_columns(data.input[k], input, channels));
    for (const double largest : ops::max_rows(ops::absolute(difference)).to_vector<double>())
      if (largest != 0) return false;
  }
  return !data.target.empty();
}

bool all_constant(const data::Statistics& values) {
  return std::all_of(values.deviation.begin(), values.deviation.end(), [](double d) { return d == 0; });
}

void warn_of_copies(const Case& data, const Config& config) {
  const std::vector<FieldStatistics>& statistics = data.scaling.statistics;
  for (const FieldStatistics& to : statistics)
    for (const FieldStatistics& from : statistics) {
      const auto target = column_of(statistics, config.target, to.field);
      const auto input = column_of(statistics, config.input, from.field);
      const std::size_t channels = to.values.mean.size();
      if (!target || !input || from.values.mean.size() != channels || all_constant(to.values)) continue;
      if (same_in_all_pairs(data, *target, *input, std::int64_t(channels)))
        warn(data.graph().comm(), "target '", to.field, "' equals the input '", from.field,
             "' in every pair of frames: there is nothing to learn but to copy it");
    }
}

/// How a value range leaves that of training; empty if it does not. Rounding to f32 in between is no departure, unless
/// it is more than all of the range, where that is more than rounding.
std::string departure(double smallest, double largest, double from, double to) {
  const double size = std::max(std::abs(from), std::abs(to)), spread = to - from, rounding = 0x1p-23 * size;
  const bool varies = spread > 0x1p-44 * size;
  const double slack = 1e-6 * spread + (varies ? std::min(rounding, spread) : rounding);
  if (smallest >= from - slack && largest <= to + slack) return {};
  const std::string here =
      smallest == largest ? cat("is ", number(smallest)) : cat("goes from ", number(smallest), " to ", number(largest));
  const bool constant = spread <= slack;
  return here + (constant ? cat(", but was always ", number(from), " in training")
                          : cat(", outside its range in training, ", number(from), " to ", number(to)));
}

/// Prints the first lines and how many more there were.
void warn_lines(const Case& data, const std::string& source, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < std::min(lines.size(), most_lines); ++i)
    warn(data.graph().comm(), source, ": ", lines[i]);
  if (lines.size() > most_lines)
    warn(data.graph().comm(), source, ": ", lines.size() - most_lines, " more channels leave their ranges in training");
}

/// Edges as long as those of training within a factor are no news: meshes vary.
void warn_of_lengths(const Case& data, const std::string& source) {
  constexpr double factor = 1.5;
  const double scale = data.scaling.edge_length;
  const double shortest = data.edge_range.smallest.back() * scale, longest = data.edge_range.largest.back() * scale;
  const double from = data.scaling.edge_range.smallest.back() * scale,
               to = data.scaling.edge_range.largest.back() * scale;
  if (shortest > longest || from > to || (shortest * factor >= from && longest <= to * factor)) return;
  const auto length = [](double value) { return number(value, 6); };  // features may be f32
  warn(data.graph().comm(), source, ": edges are ", length(shortest), " to ", length(longest),
       " long, those of training ", length(from), " to ", length(to),
       ": the network has not seen such lengths (other units, another mesh?)");
}

}  // namespace

void warn_of_training_data(const Case& data, const Config& config) {
  const autograd::RecordingScope off(false);
  for (const auto& [field, values] : data.scaling.statistics) {
    const bool input = contains(config.input, field), target = contains(config.target, field);
    const std::string constant = constant_channels(values);
    if (constant.empty() || (!input && !target)) continue;
    warn(data.graph().comm(), "field '", field, "'", constant, ": ", input ? "it teaches nothing" : "",
         input && target ? ", and as a target " : "", target ? "there is nothing to predict" : "");
  }
  warn_of_copies(data, config);
}

void warn_of_other_ranges(const Case& data, const Config& config, std::size_t first, std::size_t last,
                          const std::string& source) {
  const data::Statistics trained = joined(data.scaling.statistics, config.input);
  std::vector<std::string> lines;
  std::size_t column = 0;
  for (const std::string& name : config.input) {
    const std::size_t channels = joined(data.scaling.statistics, {name}).mean.size();
    for (std::size_t c = 0; c < channels; ++c, ++column) {
      double smallest = data.input_range[first].smallest[column], largest = data.input_range[first].largest[column];
      for (std::size_t k = first + 1; k < last; ++k) {
        smallest = std::min(smallest, data.input_range[k].smallest[column]);
        largest = std::max(largest, data.input_range[k].largest[column]);
      }
      const std::string why =
          departure(smallest, largest, trained.range.smallest[column], trained.range.largest[column]);
      if (!why.empty()) lines.push_back(cat("field '", name, "'", channels == 1 ? "" : cat(", channel ", c), " ", why));
    }
  }
  warn_lines(data, source, lines);
  if (data.scaling.edge_length > 0) return warn_of_lengths(data, source);
  lines.clear();
  for (std::size_t c = 0; c < data.edge_range.largest.size(); ++c) {
    if (data.edge_range.smallest[c] > data.edge_range.largest[c]) continue;  // no edges
    const std::string why = departure(data.edge_range.smallest[c], data.edge_range.largest[c],
                                      data.scaling.edge_range.smallest[c], data.scaling.edge_range.largest[c]);
    if (!why.empty()) lines.push_back(cat("feature ", c, " of edges ", why));
  }
  warn_lines(data, source, lines);
}

}  // namespace halograph::train
