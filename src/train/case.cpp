// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/case.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/data/edge_features.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/shape.hpp>

#include "graph/slab/fingerprint.hpp"
#include "train/data_warnings.hpp"
#include "train/naming.hpp"

namespace halograph::train {
namespace {

/// A field on the rows of the graph, a tensor a frame.
using FieldFrames = std::map<std::string, std::vector<Tensor>>;

/// Why a value cannot be taken; empty if it can.
std::string why_not(double value, double largest) {
  if (!std::isfinite(value)) return cat("is ", value, ", expected a finite number");
  if (std::abs(value) <= largest) return {};
  return cat("is ", value, ", beyond the range of f32: normalise, or take the dtype f64");
}

/// The first value of the slab that no network can take.
std::string bad_value(const GraphSlab& slab, const Config& config) {
  const double unlimited = std::numeric_limits<double>::max();
  const double f32 = config.dtype == DType::f32 ? double(std::numeric_limits<float>::max()) : unlimited;
  const std::size_t n = slab.node_id.size(), axes = std::size_t(slab.dimension);
  for (const SlabField& field : slab.fields)
    for (std::size_t i = 0; i < field.values.size(); ++i)
      if (const std::string why = why_not(field.values[i], config.normalise ? unlimited : f32); !why.empty()) {
        const std::size_t row = i / std::size_t(field.channels);
        return cat("field '", field.name, "', frame ", row / n, ", node ", slab.node_id[row % n], ", channel ",
                   i % std::size_t(field.channels), " ", why);
      }
  for (std::size_t i = 0; i < slab.position.size(); ++i)
    if (const std::string why = why_not(slab.position[i], unlimited); !why.empty())
      return cat("node ", slab.node_id[i / axes], ", coordinate ", i % axes, " ", why);
  for (std::size_t i = 0; i < slab.edge_feature.size(); ++i)
    if (const std::string why = why_not(slab.edge_feature[i], f32); !why.empty())
      return cat("edge ", slab.edge_id[i / std::size_t(slab.edge_channels)], ", feature ",
                 i % std::size_t(slab.edge_channels), " ", why);
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
      result[field.name].push_back(
          Tensor::from(rows, graph.n_nodes(), field.channels, DType::f64, graph.nodes(), graph.device()));
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

void scale_fields(FieldFrames& fields, const std::vector<FieldStatistics>& statistics, const Config& config) {
  for (auto& [name, frames] : fields) {
    const auto known =
        std::find_if(statistics.begin(), statistics.end(), [&](const auto& s) { return s.field == name; });
    if (known != statistics.end())
      require(std::int64_t(known->values.mean.size()) == frames[0].cols(), "field '", name, "' has ", frames[0].cols(),
              " channels, but its statistics ", known->values.mean.size());
    for (Tensor& frame : frames)
      frame = config.normalise && known != statistics.end() ? data::standardise(frame, known->values, config.dtype)
                                                            : ops::cast(frame, config.dtype);
  }
}

std::vector<FieldStatistics> statistics_of(const FieldFrames& fields) {
  std::vector<FieldStatistics> all;
  for (const auto& [name, frames] : fields)
    all.push_back({name, naming(cat("field '", name, "'"), [&values = frames] { return data::statistics(values); })});
  return all;
}

/// Sets the features of edges and what they were divided by.
void make_edges(Case& data, GraphSlab& slab, const CaseOptions& options, DType dtype) {
  const Graph& graph = data.graph();
  const int channels = graph.comm().max(slab.edge_channels);
  const double asked = options.scaling ? options.scaling->edge_length : 0;
  if (channels > 0) {
    require(asked == 0,
            "the graph gives features of edges, but the network was trained on offsets and lengths of edges");
    const auto rows = data.distributed.edges.forward(slab.edge_feature, channels);
    data.edges = Tensor::from(rows, graph.n_edges(), channels, dtype, graph.edges(), graph.device());
  } else {
    require(!options.scaling || asked > 0,
            "the graph gives no features of edges, but the network was trained on given ones");
    const int dimension = graph.comm().max(slab.dimension);
    require(dimension > 0, "the graph has neither positions nor features of edges: one of them is needed");
    const auto position = data.distributed.nodes.forward(slab.position, dimension);
    data.scaling.edge_length = asked > 0 ? asked : data::length_scale(graph, position, dimension, slab.period);
    data.edges = data::edge_features(graph, position, dimension, slab.period, dtype, data.scaling.edge_length);
  }
  data.edge_in = data.edges.cols();
  data.edge_range = data::range(std::span(&data.edges, 1));
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
  agree<UsageError>(comm, bad_value(slab, config));
  require(comm.sum(std::int64_t(slab.node_id.size())) > 0, "the graph has no nodes");
  std::string mark = fingerprint(comm, slab);
  Case result{distribute(comm, slab), {}, {}, {}, {}, {}, {}, 0, 0, 0, std::move(mark)};
  slab.edge_source = slab.edge_target = slab.edge_id = {};
  make_edges(result, slab, options, config.dtype);
  slab.edge_feature = {};
  FieldFrames fields = take_fields(slab, result.distributed.nodes, result.graph());
  require_fields(fields, config.input);
  if (options.need_target) require_fields(fields, config.target);
  const bool with_target = all_there(fields, config.target);

  const std::size_t frames = count_frames(fields), shift = std::size_t(config.target_shift);
  require(!options.need_target || frames > shift, "target_shift is ", shift, ", but the fields have ", frames,
          frames == 1 ? " frame" : " frames");
  if (options.scaling) {
    result.scaling = *options.scaling;
    for (std::size_t k = 0; k < frames; ++k) {
      const Tensor input = side_by_side(fields, config.input, k);
      result.input_range.push_back(data::range(std::span(&input, 1)));
    }
  } else {
    result.scaling.statistics = statistics_of(fields);
    result.scaling.edge_range = result.edge_range;
  }
  scale_fields(fields, result.scaling.statistics, config);
  const std::size_t pairs = with_target && frames > shift ? frames - shift : 0;
  for (std::size_t k = 0; k < (options.need_target ? pairs : frames); ++k)
    result.input.push_back(side_by_side(fields, config.input, k));
  for (std::size_t k = 0; k < pairs; ++k) result.target.push_back(side_by_side(fields, config.target, k + shift));
  result.node_in = channels_of(fields, config.input);
  if (with_target) result.node_out = channels_of(fields, config.target);
  if (!options.scaling && options.warnings) warn_of_training_data(result, config);
  return result;
}

}  // namespace halograph::train
