// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/data/frames.hpp>

#include <algorithm>
#include <map>
#include <span>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/data/edge_features.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/ops/shape.hpp>

#include "core/contains.hpp"
#include "graph/slab/fingerprint.hpp"

namespace halograph::data {
namespace {

/// The options with names for input and target, given or found among the fields of the file.
FrameOptions complete(const std::string& path, const std::vector<std::string>& fields, FrameOptions options) {
  std::string list;
  for (const std::string& name : fields) list += (list.empty() ? "" : ", ") + name;
  const auto find = [&](std::vector<std::string>& names, const char* usual) {
    if (!names.empty()) return false;
    const bool only = !contains(fields, usual) && fields.size() == 1;
    require<FileError>(only || contains(fields, usual), path, ": no field '", usual, "', and not one field alone (",
                       list.empty() ? "there are none" : list, "): name the ", usual, " as FrameOptions::", usual);
    names = {only ? fields[0] : usual};
    return only;
  };
  find(options.input, "input");
  if (find(options.target, "target") && options.input == options.target && options.shift == 0) options.shift = 1;
  require(options.shift >= 0, "FrameOptions: shift is ", options.shift, ", expected no negative number");
  for (const auto* names : {&options.input, &options.target})
    for (const std::string& name : *names)
      require<FileError>(contains(fields, name), path, ": no field '", name, "'; there ",
                         list.empty() ? "are none" : "are " + list);
  return options;
}

/// Throws unless the rows of the file went where those of the graph's slab went.
void require_same_rows(const DistributedGraph& graph, const GraphSlab& slab, const std::string& path) {
  const Communicator& comm = graph.graph.comm();
  const auto wrong = [&](const char* what) {
    return cat(path, ": its ", what, " are not those that the graph was made from, in the same order");
  };
  require_all<FileError>(comm, std::int64_t(slab.node_id.size()) == graph.nodes.slab_rows(), wrong("nodes"));
  require_all<FileError>(comm, graph.nodes.forward(slab.node_id, 1) == graph.graph.node_id(), wrong("nodes"));
  require_all<FileError>(comm, std::int64_t(slab.edge_id.size()) == graph.edges.slab_rows(), wrong("edges"));
  std::vector<std::int64_t> target;
  for (const std::int32_t row : graph.graph.target_row().to_vector())
    target.push_back(graph.graph.node_id()[std::size_t(row)]);
  require_all<FileError>(comm, graph.edges.forward(slab.edge_target, 1) == target, wrong("edges"));
}

Tensor edges_of(const DistributedGraph& graph, const GraphSlab& slab, const std::string& path, DType dtype) {
  const Graph& g = graph.graph;
  const int channels = g.comm().max(slab.edge_channels), dimension = g.comm().max(slab.dimension);
  if (channels > 0)
    return Tensor::from(graph.edges.forward(slab.edge_feature, channels), g.n_edges(), channels, dtype, g.edges(),
                        g.device());
  require<FileError>(dimension > 0, path, ": has neither positions nor features of edges: one of them is needed");
  return edge_features(g, graph.nodes.forward(slab.position, dimension), dimension, slab.period, dtype);
}

/// The frames of a field on the rows of the graph.
std::vector<Tensor> rows_of(const DistributedGraph& graph, const SlabField& field, std::size_t n, DType dtype) {
  std::vector<Tensor> frames;
  const std::size_t size = n * std::size_t(field.channels);
  for (std::int64_t k = 0; k < field.frames; ++k) {
    const auto first = field.values.begin() + std::ptrdiff_t(std::size_t(k) * size);
    const std::vector<double> values(first, first + std::ptrdiff_t(size));
    frames.push_back(Tensor::from(graph.nodes.forward(values, field.channels), graph.graph.n_nodes(), field.channels,
                                  dtype, graph.graph.nodes(), graph.graph.device()));
  }
  return frames;
}

}  // namespace

Frames::Frames(const DistributedGraph& graph, const std::string& path, const FrameOptions& options)
    : comm_(graph.graph.comm()) {
  const NoGrad off;
  ReadOptions read;
  read.cells = false;
  const GraphSlab slab = read_graph(comm_, path, read);
  require_same_rows(graph, slab, path);
  std::vector<std::string> names;
  for (const SlabField& field : slab.fields) names.push_back(field.name);
  const FrameOptions use = complete(path, names, options);

  std::map<std::string, std::vector<Tensor>> fields;
  std::size_t count = 1;
  for (const SlabField& field : slab.fields) {
    if (!contains(use.input, field.name) && !contains(use.target, field.name)) continue;
    fields[field.name] = rows_of(graph, field, slab.node_id.size(), use.dtype);
    count = std::max(count, fields[field.name].size());
  }
  const auto side_by_side = [&](const std::vector<std::string>& wanted, std::size_t frame) {
    std::vector<Tensor> parts;
    for (const std::string& name : wanted) {
      const std::vector<Tensor>& all = fields.at(name);
      parts.push_back(all[all.size() == 1 ? 0 : frame]);  // a field that does not change has one frame
    }
    return parts.size() == 1 ? parts[0] : ops::concatenate(parts);
  };
  const std::size_t shift = std::size_t(use.shift);
  require<FileError>(count > shift, path, ": the target is ", shift, " frames after the input, but there ",
                     count == 1 ? "is 1 frame" : cat("are ", count, " frames"));
  const Tensor edges = edges_of(graph, slab, path, use.dtype);
  for (std::size_t k = 0; k + shift < count; ++k)
    frames_.push_back({side_by_side(use.input, k), side_by_side(use.target, k + shift), edges});
  identity_ = cat(fingerprint(comm_, slab), ", ", shift);
  for (const auto* wanted : {&use.input, &use.target})
    for (const std::string& name : *wanted) identity_ += cat(wanted == &use.input ? ", in " : ", out ", name);
}

}  // namespace halograph::data
