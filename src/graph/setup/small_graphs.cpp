// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/setup/small_graphs.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <halograph/core/digest.hpp>
#include <halograph/core/error.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/graph/slab/patch_runs.hpp>

namespace halograph {
namespace {

using Part = NamedValues SmallGraph::*;

std::int64_t rows_of(const SmallGraph& graph, Part part) {
  if (part == &SmallGraph::nodes) return graph.n_nodes;
  return part == &SmallGraph::edges ? std::int64_t(graph.source.size()) : 1;
}

const char* word_for(Part part) {
  if (part == &SmallGraph::nodes) return "nodes";
  return part == &SmallGraph::edges ? "edges" : "the whole graph";
}

std::string names_in(const NamedValues& values) {
  std::string names;
  for (const auto& [name, numbers] : values) names += cat(names.empty() ? "" : ", ", name);
  return names.empty() ? "none" : names;
}

/// Checks the names and sizes of one kind of values; returns the columns of each name.
std::map<std::string, std::int64_t> columns_of(std::span<const SmallGraph> graphs, Part part) {
  std::map<std::string, std::int64_t> columns;
  for (const auto& [name, values] : graphs[0].*part) columns[name] = -1;
  for (std::size_t g = 0; g < graphs.size(); ++g) {
    const NamedValues& values = graphs[g].*part;
    const std::int64_t rows = rows_of(graphs[g], part);
    require(values.size() == columns.size(), "batch_graphs: graph ", g, " has the values ", names_in(values), " on ",
            word_for(part), ", graph 0 has ", names_in(graphs[0].*part));
    for (const auto& [name, numbers] : values) {
      const auto found = columns.find(name);
      require(found != columns.end(), "batch_graphs: graph ", g, " has '", name, "' on ", word_for(part),
              ", graph 0 has not");
      const std::int64_t size = std::int64_t(numbers.size());
      require(rows > 0 ? size % rows == 0 : size == 0, "batch_graphs: graph ", g, " has ", size, " values of '", name,
              "' for ", rows, " rows (", word_for(part), ")");
      if (rows == 0) continue;
      if (found->second < 0) found->second = size / rows;
      require(found->second == size / rows, "batch_graphs: graph ", g, " has ", size / rows, " columns of '", name,
              "', graphs before it ", found->second);
    }
  }
  for (auto& [name, cols] : columns) cols = std::max<std::int64_t>(cols, 0);
  return columns;
}

void require_edges(const SmallGraph& graph, std::size_t number) {
  require(graph.n_nodes >= 0 && graph.n_nodes <= std::numeric_limits<std::int32_t>::max(), "batch_graphs: graph ",
          number, " has ", graph.n_nodes, " nodes, outside 0 .. 2^31 - 1");
  require(graph.source.size() == graph.target.size(), "batch_graphs: graph ", number, " has ", graph.source.size(),
          " sources and ", graph.target.size(), " targets of edges");
  for (const auto* ends : {&graph.source, &graph.target})
    for (const std::int32_t node : *ends)
      require(node >= 0 && node < graph.n_nodes, "batch_graphs: graph ", number, " has an edge at node ", node,
              ", which is not in 0..", graph.n_nodes - 1);
}

/// The same number on all ranks where their lists are the same.
std::uint64_t fingerprint(std::span<const SmallGraph> graphs) {
  Digest digest;
  for (const SmallGraph& graph : graphs) {
    digest.update(graph.n_nodes).update(graph.source).update(graph.target);
    for (const Part part : {&SmallGraph::nodes, &SmallGraph::edges, &SmallGraph::whole})
      for (const auto& [name, values] : graph.*part) digest.update(name).update(values);
  }
  return std::stoull(digest.hex().substr(0, 15), nullptr, 16);
}

/// Graphs [first[k], first[k + 1]) of the list with their first node and edge.
struct Runs {
  std::vector<std::int64_t> first_node{0}, first_edge{0};  ///< of each graph, and one more
  std::vector<std::int64_t> first_graph;                   ///< of each patch, and one more
};

Runs cut(std::span<const SmallGraph> graphs, std::int64_t patches) {
  Runs runs;
  std::vector<std::int64_t> weight;
  for (const SmallGraph& graph : graphs) {
    const std::int64_t edges = std::int64_t(graph.source.size());
    runs.first_node.push_back(runs.first_node.back() + graph.n_nodes);
    runs.first_edge.push_back(runs.first_edge.back() + edges);
    weight.push_back(graph.n_nodes + edges);
  }
  runs.first_graph = assign_patches(weight, int(std::min(patches, std::int64_t(graphs.size()))));
  return runs;
}

/// This rank's share of the patches, with all that lies in them.
struct Share {
  GraphSlab slab;
  std::int64_t first_graph = 0, end_graph = 0;
};

Share share_of(const Communicator& comm, std::span<const SmallGraph> graphs, const Runs& runs) {
  Share share;
  share.slab.n_patches = std::int64_t(runs.first_graph.size()) - 1;
  std::vector<std::int64_t> nodes;
  for (std::size_t p = 0; p + 1 < runs.first_graph.size(); ++p)
    nodes.push_back(runs.first_node[std::size_t(runs.first_graph[p + 1])] -
                    runs.first_node[std::size_t(runs.first_graph[p])]);
  // As distribute() deals them out, so that rows are where they belong already.
  const std::vector<std::int64_t> owned = assign_patches(nodes, comm.size());
  const std::size_t rank = std::size_t(comm.rank());
  share.first_graph = runs.first_graph[std::size_t(owned[rank])];
  share.end_graph = runs.first_graph[std::size_t(owned[rank + 1])];
  for (std::int64_t p = owned[rank]; p < owned[rank + 1]; ++p)
    for (std::int64_t g = runs.first_graph[std::size_t(p)]; g < runs.first_graph[std::size_t(p) + 1]; ++g) {
      const SmallGraph& graph = graphs[std::size_t(g)];
      const std::int64_t node = runs.first_node[std::size_t(g)], edge = runs.first_edge[std::size_t(g)];
      for (std::int64_t i = 0; i < graph.n_nodes; ++i) {
        share.slab.node_id.push_back(node + i);
        share.slab.patch.push_back(std::int32_t(p));
      }
      for (std::size_t e = 0; e < graph.source.size(); ++e) {
        share.slab.edge_source.push_back(node + graph.source[e]);
        share.slab.edge_target.push_back(node + graph.target[e]);
        share.slab.edge_id.push_back(edge + std::int64_t(e));
      }
    }
  return share;
}

/// Values of graphs one after the other.
std::vector<double> joined(std::span<const SmallGraph> graphs, Part part, const std::string& name) {
  std::vector<double> all;
  for (const SmallGraph& graph : graphs) {
    const std::vector<double>& values = (graph.*part).at(name);
    all.insert(all.end(), values.begin(), values.end());
  }
  return all;
}

/// Values that are integers as such. What is wrong otherwise stands in `problem`.
std::vector<std::int32_t> integers(const std::string& name, const std::vector<double>& values, std::string& problem) {
  std::vector<std::int32_t> numbers;
  numbers.reserve(values.size());
  for (const double value : values) {
    const bool fits = value == std::floor(value) && std::abs(value) < 0x1p31;
    if (!fits && problem.empty()) problem = cat("GraphBatch: '", name, "' has the value ", value, ", not an integer");
    numbers.push_back(fits ? std::int32_t(value) : 0);
  }
  return numbers;
}

}  // namespace

GraphBatch batch_graphs(const Communicator& comm, std::span<const SmallGraph> graphs,
                        const SmallGraphOptions& options) {
  std::map<std::string, std::int64_t> columns[3];
  constexpr Part parts[] = {&SmallGraph::nodes, &SmallGraph::edges, &SmallGraph::whole};
  on_all_ranks(comm, [&] {
    require(!graphs.empty(), "batch_graphs: the list has no graphs");
    require(options.patches >= 1 && options.patches <= std::numeric_limits<std::int32_t>::max(),
            "batch_graphs: ", options.patches, " patches");
    for (std::size_t g = 0; g < graphs.size(); ++g) require_edges(graphs[g], g);
    for (std::size_t k = 0; k < 3; ++k) columns[k] = columns_of(graphs, parts[k]);
  });
  const auto print = std::int64_t(fingerprint(graphs));
  require(comm.min(print) == comm.max(print),
          "batch_graphs: the ranks give lists that differ; all give the whole list");

  const Runs runs = cut(graphs, options.patches);
  const Share share = share_of(comm, graphs, runs);
  DistributedGraph distributed = distribute(comm, share.slab, options.device);
  const auto own = graphs.subspan(std::size_t(share.first_graph), std::size_t(share.end_graph - share.first_graph));
  std::vector<std::int32_t> graph_of_node;
  for (std::int64_t g = share.first_graph; g < share.end_graph; ++g)
    graph_of_node.insert(graph_of_node.end(), std::size_t(graphs[std::size_t(g)].n_nodes), std::int32_t(g));
  GraphBatch result(distributed.graph, Batch(distributed.graph.nodes(), distributed.nodes.forward(graph_of_node, 1),
                                             std::int64_t(graphs.size()), options.device));
  const auto table = [&](std::size_t k, std::span<const SmallGraph> list, const Migration* way) {
    auto made = std::make_shared<GraphBatch::Table>();
    for (const auto& [name, cols] : columns[k]) {
      std::vector<double> values = joined(list, parts[k], name);
      (*made)[name] = {cols, way ? way->forward(values, cols) : std::move(values)};
    }
    return made;
  };
  result.nodes_ = table(0, own, &distributed.nodes);
  result.edges_ = table(1, own, &distributed.edges);
  result.whole_ = table(2, graphs, nullptr);
  return result;
}

namespace {

/// One named entry of a table; it has one column where `single`.
template <class Table>
const auto& entry(const Table& table, const std::string& name, const char* where, bool single = false) {
  const auto found = table.find(name);
  std::string names;
  for (const auto& [other, columns] : table) names += cat(names.empty() ? "" : ", ", other);
  require(found != table.end(), "GraphBatch: no values '", name, "' on ", where, "; there are: ", names);
  require(!single || found->second.cols == 1, "GraphBatch: '", name, "' has ", found->second.cols,
          " columns where one is needed");
  return found->second;
}

}  // namespace

Tensor GraphBatch::nodes(const std::string& name, DType dtype) const {
  const Columns& c = entry(*nodes_, name, "nodes");
  return Tensor::from(c.values, graph_.n_nodes(), c.cols, dtype, graph_.nodes(), graph_.device());
}

Tensor GraphBatch::edges(const std::string& name, DType dtype) const {
  const Columns& c = entry(*edges_, name, "edges");
  return Tensor::from(c.values, graph_.n_edges(), c.cols, dtype, graph_.edges(), graph_.device());
}

Tensor GraphBatch::whole(const std::string& name, DType dtype) const {
  const Columns& c = entry(*whole_, name, "whole graphs");
  return Tensor::from(c.values, batch_.n_graphs(), c.cols, dtype, nullptr, graph_.device());
}

Kinds GraphBatch::kinds(const std::string& name, std::int64_t n_kinds) const {
  std::string problem;
  const std::vector<std::int32_t> kind = integers(name, entry(*nodes_, name, "nodes", true).values, problem);
  agree<UsageError>(graph_.comm(), problem);
  return Kinds(graph_.nodes(), kind, n_kinds, graph_.device());
}

Labels GraphBatch::node_labels(const std::string& name, std::int64_t n_classes) const {
  std::string problem;
  std::vector<std::int32_t> label = integers(name, entry(*nodes_, name, "nodes", true).values, problem);
  agree<UsageError>(graph_.comm(), problem);
  return Labels(graph_.nodes(), std::move(label), n_classes, graph_.device());
}

Labels GraphBatch::graph_labels(const std::string& name, std::int64_t n_classes) const {
  std::string problem;
  std::vector<std::int32_t> label = integers(name, entry(*whole_, name, "whole graphs", true).values, problem);
  require(problem.empty(), problem);
  return Labels(std::move(label), n_classes, graph_.device());
}

}  // namespace halograph
