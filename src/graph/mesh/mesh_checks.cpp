// SPDX-License-Identifier: BSD-3-Clause
#include "graph/mesh/mesh_checks.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace halograph {
namespace {

std::string fault_of(const MeshSlab& mesh, std::int64_t n_local) {
  if (mesh.dimension < 1 || mesh.dimension > 3) return cat("mesh of dimension ", mesh.dimension);
  if (std::int64_t(mesh.position.size()) != n_local * mesh.dimension) return "mesh with positions of broken rows";
  if (mesh.corner_offset.size() != mesh.shape.size() + 1 && !mesh.shape.empty())
    return cat("mesh with ", mesh.shape.size(), " elements and ", mesh.corner_offset.size(), " corner offsets");
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    if (mesh.shape[e] > ElementShape::hexahedron) return cat("element ", e, " of the slab has an unknown shape");
    if (mesh.corner_offset[e] < 0 || mesh.corner_offset[e + 1] - mesh.corner_offset[e] != corners_of(mesh.shape[e]) ||
        std::size_t(mesh.corner_offset[e + 1]) > mesh.corner.size())
      return cat("element ", e, " of the slab has the wrong number of corners");
  }
  for (std::int64_t node : mesh.corner)
    if (node < 0 || node >= mesh.n_nodes) return cat("an element refers to node ", node, " of ", mesh.n_nodes);
  for (std::size_t w = 0; w < mesh.wrapped.size(); ++w)
    if (mesh.wrapped[w] < (w > 0 ? mesh.wrapped[w - 1] + 1 : 0) || std::size_t(mesh.wrapped[w]) >= mesh.shape.size())
      return cat("element ", mesh.wrapped[w], " of the slab, of ", mesh.shape.size(), ", is named as wrapped");
  for (const double length : mesh.period)
    if (!std::isfinite(length) || length < 0) return cat("mesh of period ", length);
  for (const SlabField& field : mesh.fields)
    if (std::int64_t(field.values.size()) != field.frames * n_local * field.channels)
      return cat("field ", field.name, " has ", field.values.size(), " values for ", field.frames, " x ", n_local,
                 " x ", field.channels);
  return {};
}

}  // namespace

std::vector<std::int64_t> agree_on_slabs(const Communicator& comm, const MeshSlab& mesh) {
  const std::int64_t n_local = mesh.dimension > 0 ? std::int64_t(mesh.position.size()) / mesh.dimension : 0;
  agree<UsageError>(comm, fault_of(mesh, n_local));
  std::vector<std::int64_t> begin = comm.all_gather(mesh.first_node);
  const std::vector<std::int64_t> count = comm.all_gather(n_local), total = comm.all_gather(mesh.n_nodes);
  const std::vector<int> dimension = comm.all_gather(mesh.dimension);
  const std::vector<std::array<double, 3>> period = comm.all_gather(mesh.period);
  begin.push_back(mesh.n_nodes);
  bool fits = begin.front() == 0;
  for (std::size_t r = 0; r < count.size(); ++r)
    fits = fits && begin[r] + count[r] == begin[r + 1] && total[r] == total[0] && dimension[r] == dimension[0] &&
           period[r] == period[0];
  require_all<UsageError>(comm, fits, "the ranks' slabs of nodes do not follow one another without gaps");
  return begin;
}

int slab_owner(const std::vector<std::int64_t>& begin, std::int64_t row) {
  // Empty slabs share their first row with the next rank; the last of equal ones holds it.
  return int(std::upper_bound(begin.begin(), begin.end() - 1, row) - begin.begin()) - 1;
}

}  // namespace halograph
