// SPDX-License-Identifier: BSD-3-Clause
#include "graph_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace halograph {
namespace {

template <class T, class Rule>
void check_rows(const std::string& path, const std::string& dataset, const std::vector<T>& values, std::int64_t width,
                std::int64_t first_row, const char* rule, Rule&& fits) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!fits(values[i]))
      throw FileError(cat(path, ": dataset '", dataset, "', row ", first_row + std::int64_t(i) / width, ": ", values[i],
                          " ", rule));
}

void check_ids(const std::string& path, const std::string& dataset, const std::vector<std::int64_t>& ids,
               std::int64_t first_row) {
  check_rows(path, dataset, ids, 1, first_row, "is negative", [](std::int64_t id) { return id >= 0; });
}

void check_finite(const std::string& path, const std::string& dataset, const std::vector<double>& values,
                  std::int64_t width, std::int64_t first_row) {
  check_rows(path, dataset, values, width, first_row, "is not finite", [](double x) { return std::isfinite(x); });
}

}  // namespace

void check_lengths(const std::string& path, const GraphSlab& slab) {
  const auto same = [&](std::size_t length, std::int64_t wanted, const char* what) {
    require<FileError>(std::int64_t(length) == wanted, path, ": ", what, " has ", length, " values; ", wanted,
                       " are needed");
  };
  const std::int64_t n = std::int64_t(slab.node_id.size()), m = std::int64_t(slab.edge_source.size());
  require<FileError>(slab.dimension >= 0 && slab.dimension <= 3, path, ": dimension ", slab.dimension,
                     " is not 0, 1, 2 or 3");
  require<FileError>(slab.edge_channels >= 0, path, ": ", slab.edge_channels, " edge channels");
  same(slab.position.size(), n * slab.dimension, "position");
  same(slab.edge_target.size(), m, "edge_target");
  same(slab.edge_id.size(), m, "edge_id");
  same(slab.edge_feature.size(), m * slab.edge_channels, "edge_feature");
  if (!slab.patch.empty()) same(slab.patch.size(), n, "patch");
  if (!slab.weight.empty()) same(slab.weight.size(), n, "weight");
  for (const SlabField& field : slab.fields) {
    require<FileError>(field.channels >= 1 && field.frames >= 1, path, ": field '", field.name, "' has ",
                       field.channels, " channels and ", field.frames, " frames; both must be positive");
    same(field.values.size(), field.frames * n * field.channels, ("field '" + field.name + "'").c_str());
  }
  const std::int64_t cells = std::int64_t(slab.cell_type.size());
  if (cells > 0 || !slab.cell_offset.empty()) {
    same(slab.cell_offset.size(), cells + 1, "cell_offset");
    require<FileError>(slab.cell_offset.front() == 0, path, ": cell_offset starts at ", slab.cell_offset.front(),
                       "; it must start at 0");
    for (std::size_t i = 0; i + 1 < slab.cell_offset.size(); ++i)
      require<FileError>(slab.cell_offset[i] <= slab.cell_offset[i + 1], path, ": cell_offset falls from ",
                         slab.cell_offset[i], " to ", slab.cell_offset[i + 1]);
    same(slab.cell_node.size(), slab.cell_offset.back(), "cell_node");
  } else {
    same(slab.cell_node.size(), 0, "cell_node");
  }
}

void check_values(const std::string& path, const GraphSlab& slab, const SlabPlace& first) {
  const auto width = [](std::int64_t columns) { return std::max<std::int64_t>(columns, 1); };
  check_ids(path, "/nodes/id", slab.node_id, first.node);
  check_finite(path, "/nodes/position", slab.position, width(slab.dimension), first.node);
  const std::int64_t patches = slab.n_patches;
  check_rows(path, "/nodes/patch", slab.patch, 1, first.node, cat("is not in [0, ", patches, ")").c_str(),
             [&](std::int32_t patch) { return patch >= 0 && patch < patches; });
  check_rows(path, "/nodes/weight", slab.weight, 1, first.node, "is negative", [](std::int64_t w) { return w >= 0; });
  check_ids(path, "/edges/source", slab.edge_source, first.edge);
  check_ids(path, "/edges/target", slab.edge_target, first.edge);
  check_ids(path, "/edges/id", slab.edge_id, first.edge);
  check_finite(path, "/edges/feature", slab.edge_feature, width(slab.edge_channels), first.edge);
  for (std::size_t c = 0; c + 1 < slab.cell_offset.size(); ++c)
    for (std::int64_t i = slab.cell_offset[c]; i < slab.cell_offset[c + 1]; ++i)
      require<FileError>(slab.cell_node[std::size_t(i)] >= 0, path, ": dataset '/cells/node', cell ",
                         first.cell + std::int64_t(c), ": ", slab.cell_node[std::size_t(i)], " is negative");
  const std::int64_t n = std::int64_t(slab.node_id.size());
  for (const SlabField& field : slab.fields) {
    const std::int64_t row = n * field.channels;
    for (std::int64_t i = 0; i < std::int64_t(field.values.size()); ++i)
      require<FileError>(std::isfinite(field.values[std::size_t(i)]), path, ": dataset '/fields/", field.name,
                         "', frame ", i / row, ", row ", first.node + i % row / field.channels, ": ",
                         field.values[std::size_t(i)], " is not finite");
  }
}

void check_header(const std::string& path, const GraphFileInfo& info) {
  require<FileError>(info.dimension >= 0 && info.dimension <= 3, path, ": dimension ", info.dimension,
                     " is not 0, 1, 2 or 3");
  require<FileError>(info.n_patches >= 0 && info.n_patches <= std::numeric_limits<std::int32_t>::max(), path,
                     ": n_patches ", info.n_patches, " is not in [0, 2^31)");
  for (const double length : info.period)
    require<FileError>(std::isfinite(length) && length >= 0, path, ": period ", length, " is not a length");
  std::set<std::string> names;
  for (const GraphFieldInfo& field : info.fields) {
    require<FileError>(!field.name.empty() && field.name != "." && field.name.find('/') == std::string::npos, path,
                       ": '", field.name, "' cannot be the name of a field");
    require<FileError>(names.insert(field.name).second, path, ": two fields are named '", field.name, "'");
    require<FileError>(field.channels >= 1 && field.frames >= 1, path, ": field '", field.name, "' has ",
                       field.channels, " channels and ", field.frames, " frames; both must be positive");
    require<FileError>(field.frames == 1 || field.frames == info.frames, path, ": field '", field.name, "' has ",
                       field.frames, " frames and others have ", info.frames, "; it must have one or as many");
  }
  require<FileError>(info.times.empty() || std::int64_t(info.times.size()) == info.frames, path, ": there are ",
                     info.times.size(), " times for ", info.frames, " frames");
  for (std::size_t i = 0; i < info.times.size(); ++i)
    require<FileError>(std::isfinite(info.times[i]), path, ": dataset '/times', row ", i, ": ", info.times[i],
                       " is not finite");
}

}  // namespace halograph
