// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "file_plan.hpp"
#include "graph_layout.hpp"
#include "rows.hpp"
#include "same_on_ranks.hpp"

namespace halograph {
namespace {

using h5::bytes_of;
using h5::column;
using h5::Element;
using h5::Rows;

// All that must be the same on all ranks, as one text.
std::string common_part(const GraphSlab& slab) {
  std::string text =
      cat("dimension ", slab.dimension, ", ", slab.n_patches, " patches, ", slab.edge_channels,
          " edge channels, period ", slab.period[0], " ", slab.period[1], " ", slab.period[2], ", times");
  for (const double time : slab.times) text += cat(" ", time);
  for (const SlabField& field : slab.fields)
    text += cat(", field '", field.name, "' [", field.frames, ", n, ", field.channels, "]");
  return text;
}

// Whether any rank has values of an optional column; then all ranks with rows must.
bool on_any(const Communicator& comm, const std::string& path, std::size_t length, std::size_t rows, const char* what) {
  const bool used = comm.max(int(length > 0)) > 0;
  on_all_ranks<FileError>(comm, path, [&] {
    require<FileError>(!used || length == rows, path, ": rank ", comm.rank(), " has no ", what, " and others have");
  });
  return used;
}

GraphFileInfo header_of(const GraphSlab& slab) {
  GraphFileInfo info;
  info.dimension = slab.dimension;
  info.n_patches = slab.n_patches;
  info.period = slab.period;
  info.times = slab.times;
  info.frames = std::int64_t(slab.times.size());
  for (const SlabField& field : slab.fields) {
    info.fields.push_back({field.name, field.channels, field.frames});
    info.frames = std::max(info.frames, field.frames);
  }
  return info;
}

}  // namespace

void write_graph(const Communicator& comm, const std::string& path, const GraphSlab& slab) {
  require_same(comm, path, common_part(slab));
  on_all_ranks<FileError>(comm, path, [&] {
    check_header(path, header_of(slab));
    check_lengths(path, slab);
  });
  const Rows nodes(comm, slab.node_id.size()), edges(comm, slab.edge_id.size()), cells(comm, slab.cell_type.size()),
      corners(comm, slab.cell_node.size());
  const bool patches = on_any(comm, path, slab.patch.size(), slab.node_id.size(), "patches");
  const bool weights = on_any(comm, path, slab.weight.size(), slab.node_id.size(), "weights");
  on_all_ranks<FileError>(comm, path, [&] {
    require<FileError>(patches == (slab.n_patches > 0) || nodes.total == 0, path, ": n_patches is ", slab.n_patches,
                       patches ? " and nodes have patches" : " and no node has a patch");
    check_values(path, slab, {nodes.first, edges.first, cells.first});
  });

  h5::FilePlan plan;
  plan.groups = {"/nodes", "/edges", "/fields"};
  plan.attributes = {{"/", "format", graph_format},
                     {"/", "version", graph_version},
                     {"/", "dimension", std::int64_t(slab.dimension)},
                     {"/", "n_patches", slab.n_patches},
                     {"/", "period", std::vector<double>(slab.period.begin(), slab.period.end())}};
  plan.datasets.push_back(column("/nodes/id", Element::i64, nodes, slab.node_id));
  if (slab.dimension > 0) plan.datasets.push_back(h5::table("/nodes/position", nodes, slab.dimension, slab.position));
  if (slab.n_patches > 0) plan.datasets.push_back(column("/nodes/patch", Element::i32, nodes, slab.patch));
  if (weights) plan.datasets.push_back(column("/nodes/weight", Element::i64, nodes, slab.weight));
  plan.datasets.push_back(column("/edges/source", Element::i64, edges, slab.edge_source));
  plan.datasets.push_back(column("/edges/target", Element::i64, edges, slab.edge_target));
  plan.datasets.push_back(column("/edges/id", Element::i64, edges, slab.edge_id));
  if (slab.edge_channels > 0)
    plan.datasets.push_back(h5::table("/edges/feature", edges, slab.edge_channels, slab.edge_feature));

  std::vector<std::int64_t> ends;  // of the cells, counted over all ranks
  if (cells.total > 0) {
    plan.groups.push_back("/cells");
    if (comm.rank() == 0) ends.push_back(0);
    for (std::size_t i = 1; i < slab.cell_offset.size(); ++i) ends.push_back(corners.first + slab.cell_offset[i]);
    plan.datasets.push_back(column("/cells/type", Element::u8, cells, slab.cell_type));
    plan.datasets.push_back({"/cells/offset",
                             Element::i64,
                             {cells.total + 1},
                             {{cells.first + (comm.rank() == 0 ? 0 : 1), bytes_of(ends)}}});
    plan.datasets.push_back(column("/cells/node", Element::i64, corners, slab.cell_node));
  }
  for (const SlabField& field : slab.fields)
    plan.datasets.push_back(
        h5::frames("/fields/" + field.name, {field.frames, nodes.total, field.channels}, field, nodes));
  if (!slab.times.empty()) {
    plan.datasets.push_back({"/times", Element::f64, {std::int64_t(slab.times.size())}, {}});
    if (comm.rank() == 0) plan.datasets.back().pieces.push_back({0, bytes_of(slab.times)});
  }
  h5::write_file(comm, path, plan);
}

}  // namespace halograph
