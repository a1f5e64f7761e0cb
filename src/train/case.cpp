// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/case.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/data/edge_features.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>

#include "train/fingerprint.hpp"

namespace halograph::train {
namespace {

/// A field on the rows of the graph, a tensor a frame.
using FieldFrames = std::map<std::string, std::vector<Tensor>>;

std::string not_finite(const GraphSlab& slab) {
  const std::size_t n = slab.node_id.size();
  for (const SlabField& field : slab.fields)
    for (std::size_t i = 0; i < field.values.size(); ++i)
      if (!std::isfinite(field.values[i])) {
        const std::size_t row = i / std::size_t(field.channels);
        return cat("field '", field.name, "', frame ", row / n, ", node ", slab.node_id[row % n], ", channel ",
                   i % std::size_t(field.channels), " is ", field.values[i], ", expected a finite number");
      }
  return {};
}

FieldFrames take_fields(GraphSlab& slab, const Migration& nodes, const Graph& graph) {
  FieldFrames result;
  const std::size_t n = slab.node_id.size();
  for (SlabField& field : slab.fields) {
    const std::size_t size = n * std::size_t(field.channels);
    for (std::int64_t k = 0; k < field.frames; ++k) {
      const auto first = field.values.begin() + std::ptrdiff_t(std::size_t(k) * size);
      const auto rows = nodes.forward(std::vector<double>(first, first + std::ptrdiff_t(size)), field.channels);
      result[field.name].push_back(Tensor::from(rows, graph.n_nodes(), field.channels, DType::f64, graph.nodes(), graph.device()));
    }
    field.values = {};
  }
  return result;
}

bool all_there(const FieldFrames& fields, const std::vector<std::string>& names) {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) { return fields.contains(name); });
}

void require_fields(const FieldFrames& fields, const std::vector<std::string>& names) {
  for (const std::string& name : names) require(fields.contains(name), "the graph has no field '", name, "'");
}

std::size_t count_frames(const FieldFrames& fields) {
  std::size_t count = 1;
  for (const auto& [name, frames] : fields) count = std::max(count, frames.size());
  return count;
}

/// The fields `names` side by side at a frame; one that does not change has a single frame.
Tensor side_by_side(const FieldFrames& fields, const std::vector<std::string>& names, std::size_t frame) {
  std::vector<Tensor> parts;
  for (const std::string& name : names) {
    const std::vector<Tensor>& frames = fields.at(name);
    parts.push_back(frames[frames.size() == 1 ? 0 : frame]);
  }
  return parts.size() == 1 ? parts[0] : ops::concatenate(parts);
}

void normalise(FieldFrames& fields, const std::vector<FieldStatistics>& statistics, DType dtype) {
  for (auto& [name, frames] : fields) {
    const auto known = std::find_if(statistics.begin(), statistics.end(), [&](const auto& s) { return s.field == name; });
    if (known != statistics.end())
      require(std::int64_t(known->values.mean.size()) == frames[0].cols(), "field '", name, "' has ", frames[0].cols(),
              " channels, but its statistics ", known->values.mean.size());
    for (Tensor& frame : frames)
      frame = known == statistics.end() ? ops::cast(frame, dtype) : data::standardise(frame, known->values, dtype);
  }
}

Tensor edges_of(const DistributedGraph& distributed, GraphSlab& slab, DType dtype) {
  const Graph& graph = distributed.graph;
  const int channels = graph.comm().max(slab.edge_channels);
  if (channels > 0) {
    const auto rows = distributed.edges.forward(slab.edge_feature, channels);
    return Tensor::from(rows, graph.n_edges(), channels, dtype, graph.edges(), graph.device());
  }
  const int dimension = graph.comm().max(slab.dimension);
  require(dimension > 0, "the graph has neither positions nor features of edges: one of them is needed");
  return data::edge_features(graph, distributed.nodes.forward(slab.position, dimension), dimension, slab.period, dtype);
}

std::int64_t channels_of(const FieldFrames& fields, const std::vector<std::string>& names) {
  std::int64_t channels = 0;
  for (const std::string& name : names) channels += fields.at(name).front().cols();
  return channels;
}

}  // namespace

Case make_case(const Communicator& comm, const Config& config, GraphSlab&& given, const CaseOptions& options) {
  const autograd::RecordingScope off(false);
  GraphSlab slab = std::move(given);
  agree<UsageError>(comm, not_finite(slab));
  require(comm.sum(std::int64_t(slab.node_id.size())) > 0, "the graph has no nodes");
  std::string mark = fingerprint(comm, slab);
  Case result{distribute(comm, slab), {}, {}, {}, {}, 0, 0, 0, std::move(mark)};
  slab.edge_source = slab.edge_target = slab.edge_id = {};
  result.edges = edges_of(result.distributed, slab, config.dtype);
  result.edge_in = result.edges.cols();
  slab.edge_feature = {};
  FieldFrames fields = take_fields(slab, result.distributed.nodes, result.graph());
  require_fields(fields, config.input);
  if (options.need_target) require_fields(fields, config.target);
  const bool with_target = all_there(fields, config.target);

  const std::size_t frames = count_frames(fields), shift = std::size_t(config.target_shift);
  require(!options.need_target || frames > shift, "target_shift is ", shift, ", but the fields have ", frames,
          frames == 1 ? " frame" : " frames");
  if (config.normalise) {
    result.statistics = options.statistics;
    if (result.statistics.empty())
      for (const auto& [name, values] : fields) result.statistics.push_back({name, data::statistics(values)});
  }
  normalise(fields, result.statistics, config.dtype);
  const std::size_t pairs = with_target && frames > shift ? frames - shift : 0;
  for (std::size_t k = 0; k < (options.need_target ? pairs : frames); ++k)
    result.input.push_back(side_by_side(fields, config.input, k));
  for (std::size_t k = 0; k < pairs; ++k) result.target.push_back(side_by_side(fields, config.target, k + shift));
  result.node_in = channels_of(fields, config.input);
  if (with_target) result.node_out = channels_of(fields, config.target);
  return result;
}

data::Statistics joined(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names) {
  data::Statistics result;
  for (const std::string& name : names)
    for (const FieldStatistics& one : all)
      if (one.field == name) {
        result.mean.insert(result.mean.end(), one.values.mean.begin(), one.values.mean.end());
        result.deviation.insert(result.deviation.end(), one.values.deviation.begin(), one.values.deviation.end());
      }
  return result;
}

}  // namespace halograph::train
