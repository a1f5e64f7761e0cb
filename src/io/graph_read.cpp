// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <numeric>

#include <halograph/graph/slab/slab_range.hpp>

#include "graph_layout.hpp"
#include "hdf5_input.hpp"

namespace halograph {
namespace {

using h5::InputDataset;
using h5::InputFile;
using h5::Numbers;

// A rank's share of `total` rows.
struct Range {
  Range(const Communicator& comm, std::int64_t total)
      : first(slab_begin(total, comm.rank(), comm.size())),
        count(slab_begin(total, comm.rank() + 1, comm.size()) - first) {}
  std::int64_t first, count;
};

InputDataset integers(const InputFile& file, const std::string& name, std::int64_t rows) {
  InputDataset dataset(file, name, Numbers::integers);
  dataset.require_shape({rows});
  return dataset;
}

std::vector<std::int64_t> column(const InputFile& file, const std::string& name, std::int64_t rows, Range range) {
  return integers(file, name, rows).read<std::int64_t>({range.first}, {range.count});
}

// Integers that the library keeps in a narrower type T.
template <class T>
std::vector<T> narrow_column(const InputFile& file, const std::string& name, std::int64_t rows, Range range) {
  const std::vector<std::int64_t> wide = column(file, name, rows, range);
  for (std::size_t i = 0; i < wide.size(); ++i)
    require<FileError>(wide[i] >= 0 && wide[i] <= std::int64_t(std::numeric_limits<T>::max()), file.path(),
                       ": dataset '", name, "', row ", range.first + std::int64_t(i), ": ", wide[i], " is not in [0, ",
                       std::int64_t(std::numeric_limits<T>::max()), "]");
  return std::vector<T>(wide.begin(), wide.end());
}

std::vector<double> table(const InputFile& file, const std::string& name, std::int64_t rows, std::int64_t width,
                          Range range) {
  InputDataset dataset(file, name, Numbers::reals);
  return dataset.require_shape({rows, width}).read<double>({range.first, 0}, {range.count, width});
}

GraphFileInfo read_header(const InputFile& file) {
  GraphFileInfo info;
  info.version = file.require_format(graph_format, graph_version);
  const std::int64_t dimension = file.integer("/", "dimension");
  require<FileError>(dimension >= 0 && dimension <= 3, file.path(), ": dimension ", dimension, " is not 0, 1, 2 or 3");
  info.dimension = int(dimension);
  info.n_patches = file.integer("/", "n_patches");
  const std::vector<double> period = file.reals("/", "period", 3);
  std::copy(period.begin(), period.end(), info.period.begin());
  info.n_nodes = InputDataset(file, "/nodes/id", Numbers::integers).require_shape({-1}).shape()[0];
  info.n_edges = InputDataset(file, "/edges/id", Numbers::integers).require_shape({-1}).shape()[0];
  integers(file, "/edges/source", info.n_edges);
  integers(file, "/edges/target", info.n_edges);
  if (info.dimension > 0)
    InputDataset(file, "/nodes/position", Numbers::reals).require_shape({info.n_nodes, info.dimension});
  if (info.n_patches > 0) integers(file, "/nodes/patch", info.n_nodes);
  info.weighted = file.has("/nodes/weight");
  if (info.weighted) integers(file, "/nodes/weight", info.n_nodes);
  if (file.has("/edges/feature")) {
    const InputDataset feature(file, "/edges/feature", Numbers::reals);
    const std::int64_t channels = feature.require_shape({info.n_edges, -1}).shape()[1];
    require<FileError>(channels >= 1 && channels <= std::numeric_limits<int>::max(), feature.place(), " has ", channels,
                       " channels; it must have at least one");
    info.edge_channels = int(channels);
  }
  if (file.has("/cells")) {
    info.n_cells = InputDataset(file, "/cells/type", Numbers::integers).require_shape({-1}).shape()[0];
    integers(file, "/cells/offset", info.n_cells + 1);
    info.n_corners = InputDataset(file, "/cells/node", Numbers::integers).require_shape({-1}).shape()[0];
  }
  if (file.has("/times")) {
    const InputDataset times(file, "/times", Numbers::reals);
    info.times = times.require_shape({-1}).read<double>();
    info.frames = std::int64_t(info.times.size());
  }
  if (file.has("/fields")) {
    for (const std::string& name : file.children("/fields")) {
      const InputDataset field(file, "/fields/" + name, Numbers::reals);
      const h5::Shape& shape = field.require_shape({-1, info.n_nodes, -1}).shape();
      // Frames without nodes need no bytes: their number is bounded here.
      require<FileError>(shape[0] <= file.bytes(), field.place(), " has ", shape[0], " frames, which is absurd");
      info.fields.push_back({name, shape[2], shape[0]});
      info.frames = std::max(info.frames, shape[0]);
    }
  }
  check_header(file.path(), info);
  return info;
}

void read_cells(const InputFile& file, const GraphFileInfo& info, Range range, GraphSlab& slab) {
  slab.cell_type = narrow_column<std::uint8_t>(file, "/cells/type", info.n_cells, range);
  const InputDataset offsets = integers(file, "/cells/offset", info.n_cells + 1);
  const std::vector<std::int64_t> ends = offsets.read<std::int64_t>({info.n_cells}, {1});
  require<FileError>(ends[0] == info.n_corners, offsets.place(), " ends with ", ends[0], " but '/cells/node' has ",
                     info.n_corners, " values");
  slab.cell_offset = offsets.read<std::int64_t>({range.first}, {range.count + 1});
  std::int64_t before = 0;
  for (std::size_t i = 0; i < slab.cell_offset.size(); ++i) {
    const std::int64_t offset = slab.cell_offset[i];
    require<FileError>(
        offset >= before && offset <= info.n_corners && (range.first + std::int64_t(i) > 0 || offset == 0),
        offsets.place(), ", row ", range.first + std::int64_t(i), ": ", offset,
        " is out of order; offsets rise from 0 to ", info.n_corners);
    before = offset;
  }
  const std::int64_t first = slab.cell_offset.front(), count = slab.cell_offset.back() - first;
  slab.cell_node = integers(file, "/cells/node", info.n_corners).read<std::int64_t>({first}, {count});
  for (std::int64_t& offset : slab.cell_offset) offset -= first;
}

std::vector<std::int64_t> wanted_frames(const InputFile& file, const GraphFileInfo& info, const ReadOptions& options) {
  std::vector<std::int64_t> frames(static_cast<std::size_t>(info.frames));
  std::iota(frames.begin(), frames.end(), 0);
  if (!options.frames) return frames;
  for (const std::int64_t frame : *options.frames)
    require<FileError>(frame >= 0 && frame < info.frames, file.path(), ": frame ", frame, " is asked for; there are ",
                       info.frames);
  return *options.frames;
}

std::vector<GraphFieldInfo> wanted_fields(const InputFile& file, const GraphFileInfo& info,
                                          const ReadOptions& options) {
  if (!options.fields) return info.fields;
  std::vector<GraphFieldInfo> fields;
  for (const std::string& name : *options.fields) {
    const auto is_it = [&](const GraphFieldInfo& field) { return field.name == name; };
    const auto found = std::find_if(info.fields.begin(), info.fields.end(), is_it);
    if (found == info.fields.end()) {
      std::string there;
      for (const GraphFieldInfo& field : info.fields) there += cat(there.empty() ? "" : ", ", "'", field.name, "'");
      throw FileError(cat(file.path(), ": there is no field '", name, "'; there is ", there.empty() ? "none" : there));
    }
    fields.push_back(*found);
  }
  return fields;
}

SlabField read_field(const InputFile& file, const GraphFieldInfo& info, std::vector<std::int64_t> frames, Range range) {
  if (info.frames == 1 && !frames.empty()) frames = {0};  // constant in time
  const InputDataset dataset(file, "/fields/" + info.name, Numbers::reals);
  SlabField field{info.name, info.channels, std::int64_t(frames.size()), {}};
  field.values.reserve(frames.size() * std::size_t(range.count * info.channels));
  for (const std::int64_t frame : frames) {
    const std::vector<double> values = dataset.read<double>({frame, range.first, 0}, {1, range.count, info.channels});
    field.values.insert(field.values.end(), values.begin(), values.end());
  }
  return field;
}

GraphSlab read_slab(const Communicator& comm, const std::string& path, const ReadOptions& options) {
  const InputFile file(path);
  const GraphFileInfo info = read_header(file);
  const Range nodes(comm, info.n_nodes), edges(comm, info.n_edges), cells(comm, info.n_cells);
  GraphSlab slab;
  slab.dimension = info.dimension;
  slab.n_patches = info.n_patches;
  slab.period = info.period;
  slab.edge_channels = info.edge_channels;
  slab.node_id = column(file, "/nodes/id", info.n_nodes, nodes);
  if (info.dimension > 0) slab.position = table(file, "/nodes/position", info.n_nodes, info.dimension, nodes);
  if (info.n_patches > 0) slab.patch = narrow_column<std::int32_t>(file, "/nodes/patch", info.n_nodes, nodes);
  if (info.weighted) slab.weight = column(file, "/nodes/weight", info.n_nodes, nodes);
  slab.edge_source = column(file, "/edges/source", info.n_edges, edges);
  slab.edge_target = column(file, "/edges/target", info.n_edges, edges);
  slab.edge_id = column(file, "/edges/id", info.n_edges, edges);
  if (info.edge_channels > 0)
    slab.edge_feature = table(file, "/edges/feature", info.n_edges, info.edge_channels, edges);
  if (options.cells && info.n_cells > 0) read_cells(file, info, cells, slab);
  const std::vector<std::int64_t> frames = wanted_frames(file, info, options);
  for (const GraphFieldInfo& field : wanted_fields(file, info, options))
    slab.fields.push_back(read_field(file, field, frames, nodes));
  if (!info.times.empty())
    for (const std::int64_t frame : frames) slab.times.push_back(info.times[std::size_t(frame)]);
  check_values(path, slab, {nodes.first, edges.first, cells.first});
  return slab;
}

}  // namespace

GraphFileInfo graph_file_info(const std::string& path) { return read_header(InputFile(path)); }

GraphSlab read_graph(const Communicator& comm, const std::string& path, const ReadOptions& options) {
  GraphSlab slab;
  on_all_ranks<FileError>(comm, path, [&] { slab = read_slab(comm, path, options); });
  return slab;
}

}  // namespace halograph
