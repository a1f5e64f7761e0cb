// SPDX-License-Identifier: BSD-3-Clause
// What the features of a network were scaled by in training, and the ranges that they had there. It belongs to the
// network: other data are scaled alike. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halograph/data/normalise.hpp>

namespace halograph::train {

struct FieldStatistics {
  std::string field;
  data::Statistics values;  ///< of each channel, over all nodes and frames
};

struct Scaling {
  std::vector<FieldStatistics> statistics;
  /// What the offsets and lengths of edges are divided by; 0 where the graph gives features of edges.
  double edge_length = 0;
  data::Range edge_range;  ///< of the features of edges, after the division
};

/// Statistics of fields side by side, in the order of `names`; fields without statistics are left out.
data::Statistics joined(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names);

/// The first column of `field` where the fields `names` stand side by side; none if it is not among them.
std::optional<std::int64_t> column_of(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names,
                                      const std::string& field);

}  // namespace halograph::train
