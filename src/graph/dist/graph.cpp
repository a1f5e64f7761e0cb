// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/graph.hpp>

#include <algorithm>
#include <compare>
#include <numeric>

namespace halograph {
namespace {

/// Edges that a fused pass over a block keeps in cache together.
constexpr std::int32_t block_edges = 192;

std::vector<std::int64_t> edge_patch_offset(const RowSpace& nodes, const LocalTopology& topology) {
  std::vector<std::int64_t> offset;
  offset.reserve(nodes.offset().size());
  for (const std::int64_t row : nodes.offset()) offset.push_back(topology.edge_offset[std::size_t(row)]);
  return offset;
}

std::vector<std::int32_t> targets(const std::vector<std::int32_t>& edge_offset) {
  std::vector<std::int32_t> target(static_cast<std::size_t>(edge_offset.back()));
  for (std::size_t row = 0; row + 1 < edge_offset.size(); ++row)
    std::fill(target.begin() + edge_offset[row], target.begin() + edge_offset[row + 1], std::int32_t(row));
  return target;
}

/// Out-edges by source row: [rows + 1] offsets and the edges, ascending in each row.
std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>> transposed(const std::vector<std::int32_t>& source,
                                                                           std::int64_t rows) {
  std::vector<std::int32_t> offset(static_cast<std::size_t>(rows + 2), 0), edge(source.size());
  for (const std::int32_t row : source) ++offset[std::size_t(row) + 2];
  // offset[row + 1] is where the row begins until its edges are in, and where it ends after that.
  std::partial_sum(offset.begin(), offset.end(), offset.begin());
  for (std::size_t e = 0; e < source.size(); ++e)
    edge[std::size_t(offset[std::size_t(source[e]) + 1]++)] = std::int32_t(e);
  offset.pop_back();
  return {std::move(offset), std::move(edge)};
}

/// The key under which a graph caches its in-degrees.
struct InDegree {
  DType dtype;
  auto operator<=>(const InDegree&) const = default;
};

struct Blocks {
  std::vector<std::int32_t> interior, boundary;
};

/// Cuts the edges into blocks of whole target rows, apart by whether a row waits for other ranks.
Blocks cut_blocks(const LocalTopology& topology) {
  const std::int64_t n = std::int64_t(topology.node_id.size());
  const auto waits = [&](std::size_t row) {
    for (std::int32_t e = topology.edge_offset[row]; e < topology.edge_offset[row + 1]; ++e) {
      const std::int64_t ghost = topology.source_row[std::size_t(e)] - n;
      if (ghost >= 0 && topology.plan.ghost_source[std::size_t(ghost)] >= topology.plan.n_owned) return true;
    }
    return false;
  };
  Blocks blocks;
  std::int32_t begin = 0;
  bool boundary = false;
  const auto close = [&](std::int32_t end) {
    auto& list = boundary ? blocks.boundary : blocks.interior;
    if (end > begin) list.insert(list.end(), {begin, end});
    begin = end;
  };
  for (std::size_t row = 0; row < std::size_t(n); ++row) {
    const std::int32_t first = topology.edge_offset[row], last = topology.edge_offset[row + 1];
    if (first == last) continue;
    const bool row_waits = waits(row);
    if (row_waits != boundary || last - begin > block_edges) close(first);
    boundary = row_waits;
  }
  close(topology.edge_offset.back());
  return blocks;
}

}  // namespace

Graph::Graph(RowSpacePtr nodes, LocalTopology topology, Device device) : device_(device), nodes_(std::move(nodes)) {
  const std::shared_ptr<const TreeSum>& tree = nodes_->tree();
  edges_ = std::make_shared<const RowSpace>("edges", tree, edge_patch_offset(*nodes_, topology));
  ghosts_ = std::make_shared<const RowSpace>("ghosts", tree, topology.ghost_offset);
  edge_offset_ = Index(topology.edge_offset, device);
  target_row_ = Index(targets(topology.edge_offset), device);
  source_row_ = Index(topology.source_row, device);
  const auto [out_offset, out_edge] = transposed(topology.source_row, n_nodes() + n_ghosts());
  out_offset_ = Index(out_offset, device);
  out_edge_ = Index(out_edge, device);
  const Blocks blocks = cut_blocks(topology);
  interior_blocks_ = Index(blocks.interior, device);
  boundary_blocks_ = Index(blocks.boundary, device);
  node_id_ = std::make_shared<const std::vector<std::int64_t>>(std::move(topology.node_id));
  ghost_id_ = std::make_shared<const std::vector<std::int64_t>>(std::move(topology.ghost_id));
  exchange_ = std::make_shared<Exchange>(tree->comm(), std::move(topology.plan), device);
}

Tensor Graph::in_degree(DType dtype) const {
  return cached<Tensor>(InDegree{dtype}, [&] {
    const std::vector<std::int32_t> offset = edge_offset_.to_vector();
    std::vector<double> degree(static_cast<std::size_t>(n_nodes()));
    for (std::size_t row = 0; row < degree.size(); ++row) degree[row] = double(offset[row + 1] - offset[row]);
    return Tensor::from(degree, n_nodes(), 1, dtype, nodes_, device_);
  });
}

}  // namespace halograph
