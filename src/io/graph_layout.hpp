// SPDX-License-Identifier: BSD-3-Clause
// Rules of graph files that reader and writer share.
#pragma once

#include <cstdint>
#include <string>

#include <halograph/io/graph_file.hpp>

namespace halograph {

inline constexpr const char* graph_format = "halograph graph";
inline constexpr std::int64_t graph_version = 1;

/// First rows of a slab in the whole graph, for messages.
struct SlabPlace {
  std::int64_t node = 0, edge = 0, cell = 0;
};

/// Throws FileError unless the columns of a slab have the lengths that its nodes, edges and cells call for.
void check_lengths(const std::string& path, const GraphSlab& slab);

/// Throws FileError naming dataset, row and value where a row breaks a rule of the format.
void check_values(const std::string& path, const GraphSlab& slab, const SlabPlace& first);

/// Throws FileError unless dimension, patches, period, times and fields fit each other.
void check_header(const std::string& path, const GraphFileInfo& info);

}  // namespace halograph
