// SPDX-License-Identifier: BSD-3-Clause
#include "train/scaling_archive.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <halograph/core/error.hpp>

namespace halograph::train {
namespace {

constexpr const char* statistics_prefix = "statistics.";
constexpr const char* edge_length_name = "edge_length";
constexpr const char* edge_range_name = "edge_range";

/// A row each.
NamedTensor rows_of(std::string name, const std::vector<std::vector<double>>& rows) {
  std::vector<double> values;
  for (const std::vector<double>& row : rows) values.insert(values.end(), row.begin(), row.end());
  return {std::move(name), Tensor::from(values, std::int64_t(rows.size()), std::int64_t(rows[0].size()), DType::f64)};
}

std::vector<std::vector<double>> rows_in(const NamedTensor& tensor, std::int64_t count, const char* expected,
                                         const std::string& path) {
  require<FileError>(tensor.value.rows() == count, path, ": '", tensor.name, "' is ", tensor.value.describe(),
                     ", expected ", expected);
  const std::vector<double> values = tensor.value.to_vector<double>();
  std::vector<std::vector<double>> rows;
  for (auto from = values.begin(); from != values.end(); from += tensor.value.cols())
    rows.emplace_back(from, from + tensor.value.cols());
  return rows;
}

}  // namespace

void put_scaling(Archive& archive, const Scaling& scaling) {
  for (const auto& [field, values] : scaling.statistics)
    archive.tensors.push_back(rows_of(statistics_prefix + field,
                                      {values.mean, values.deviation, values.range.smallest, values.range.largest}));
  archive.tensors.push_back(rows_of(edge_range_name, {scaling.edge_range.smallest, scaling.edge_range.largest}));
  archive.reals[edge_length_name] = scaling.edge_length;
}

std::optional<Scaling> take_scaling(Archive& archive, const std::string& path) {
  const auto length = archive.reals.find(edge_length_name);
  if (length == archive.reals.end()) return {};
  Scaling scaling;
  scaling.edge_length = length->second;
  std::erase_if(archive.tensors, [&](const NamedTensor& tensor) {
    if (tensor.name == edge_range_name) {
      auto rows = rows_in(tensor, 2, "smallest and largest values", path);
      scaling.edge_range = {std::move(rows[0]), std::move(rows[1])};
      return true;
    }
    if (!tensor.name.starts_with(statistics_prefix)) return false;
    auto rows = rows_in(tensor, 4, "means, deviations, smallest and largest values", path);
    scaling.statistics.push_back({tensor.name.substr(std::string(statistics_prefix).size()),
                                  {std::move(rows[0]), std::move(rows[1]), {std::move(rows[2]), std::move(rows[3])}}});
    return true;
  });
  return scaling;
}

std::string difference(const Scaling& here, const Scaling& there) {
  if (here.edge_length != there.edge_length)
    return cat("lengths of edges are divided by ", here.edge_length, " here, but by ", there.edge_length,
               " in the checkpoint");
  for (const auto& [field, mine] : here.statistics) {
    const auto same_field = [&, &name = field](const FieldStatistics& other) { return other.field == name; };
    const auto other = std::find_if(there.statistics.begin(), there.statistics.end(), same_field);
    if (other == there.statistics.end()) return cat("field '", field, "' has no statistics in the checkpoint");
    const std::array<std::pair<const char*, std::vector<double> data::Statistics::*>, 2> parts{
        {{"mean", &data::Statistics::mean}, {"deviation", &data::Statistics::deviation}}};
    for (const auto& [word, part] : parts) {
      const std::vector<double>&a = mine.*part, &b = other->values.*part;
      if (a.size() != b.size())
        return cat("field '", field, "' has ", a.size(), " channels here, but ", b.size(), " in the checkpoint");
      for (std::size_t c = 0; c < a.size(); ++c)
        if (a[c] != b[c])
          return cat("field '", field, "', channel ", c, " has the ", word, " ", a[c], " here, but ", b[c],
                     " in the checkpoint");
    }
  }
  return {};
}

}  // namespace halograph::train
