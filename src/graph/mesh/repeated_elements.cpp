// SPDX-License-Identifier: BSD-3-Clause
#include "graph/mesh/repeated_elements.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include <halograph/graph/mesh/repeated_elements.hpp>
#include <halograph/mpi/log.hpp>

#include "graph/mesh/mesh_checks.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

/// An element by its nodes: the different ones ascending, -1 behind them.
using Nodes = std::array<std::int64_t, 8>;

Nodes nodes_of(const MeshSlab& mesh, std::size_t element) {
  Nodes nodes;
  nodes.fill(-1);
  auto end = nodes.begin();
  for (std::int32_t c = mesh.corner_offset[element]; c < mesh.corner_offset[element + 1]; ++c) {
    const std::int64_t node = mesh.corner[std::size_t(c)];
    const auto at = std::lower_bound(nodes.begin(), end, node);
    if (at != end && *at == node) continue;
    std::copy_backward(at, end, end + 1);
    *at = node;
    ++end;
  }
  return nodes;
}

std::int64_t hash_of(const Nodes& nodes) {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < nodes.size() && nodes[i] >= 0; ++i)
    hash = mixed(hash ^ std::uint64_t(nodes[i]));
  return std::int64_t(hash);
}

/// An element that may have copies; the order puts copies side by side, the one that stays first.
struct Suspect {
  Nodes nodes;
  std::int64_t number;
  auto operator<=>(const Suspect&) const = default;
};

/// The values that occur more than once, ascending.
std::vector<std::int64_t> repeated_values(const Arrivals<std::int64_t>& arrivals) {
  std::vector<std::int64_t> all, repeated;
  for (const auto& [source, values] : arrivals) all.insert(all.end(), values.begin(), values.end());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 1; i < all.size(); ++i)
    if (all[i] == all[i - 1] && (repeated.empty() || repeated.back() != all[i])) repeated.push_back(all[i]);
  return repeated;
}

/// Asks the ranks that the hashes lead to which of `hash` occur more than once; positions, ascending. Nobody answers
/// where there are none. Collective.
std::vector<std::int32_t> suspects(const Communicator& comm, const std::vector<std::int64_t>& hash) {
  const Routes routes = group_by_rank(std::int64_t(hash.size()), comm.size(),
                                      [&](std::int64_t e) { return home_of(hash[std::size_t(e)], comm.size()); });
  const auto asked = deliver<std::int64_t>(comm, routes, [&](std::int32_t e) { return hash[std::size_t(e)]; });
  const std::vector<std::int64_t> repeated = repeated_values(asked);
  std::vector<std::int32_t> found;
  if (comm.sum(std::int64_t(repeated.size())) == 0) return found;
  Arrivals<std::uint8_t> answers;
  for (const auto& [source, values] : asked) {
    auto& list = answers.emplace_back(source, std::vector<std::uint8_t>()).second;
    for (const std::int64_t value : values)
      list.push_back(std::binary_search(repeated.begin(), repeated.end(), value) ? 1 : 0);
  }
  answer(comm, routes, answers, [&](std::int32_t e, std::uint8_t yes) {
    if (yes) found.push_back(e);
  });
  std::sort(found.begin(), found.end());
  return found;
}

/// For each suspect that arrived, whether an earlier one equals it; counts the elements with copies.
Arrivals<std::uint8_t> find_copies(const Arrivals<Suspect>& arrivals, std::int64_t& repeated) {
  std::vector<std::pair<const Suspect*, std::uint8_t*>> order;
  Arrivals<std::uint8_t> copies;
  for (const auto& [source, list] : arrivals) copies.emplace_back(source, std::vector<std::uint8_t>(list.size(), 0));
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    for (std::size_t j = 0; j < arrivals[i].second.size(); ++j)
      order.emplace_back(&arrivals[i].second[j], &copies[i].second[j]);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return *a.first < *b.first; });
  for (std::size_t i = 1; i < order.size(); ++i) {
    if (order[i].first->nodes != order[i - 1].first->nodes) continue;
    *order[i].second = 1;
    if (*order[i - 1].second == 0) ++repeated;
  }
  return copies;
}

}  // namespace

RepeatedElements find_repeated_elements(const Communicator& comm, const MeshSlab& mesh) {
  const std::size_t n = mesh.shape.size();
  const std::int64_t first = comm.exclusive_sum(std::int64_t(n));
  std::vector<std::int64_t> hash(n);
  for (std::size_t e = 0; e < n; ++e) hash[e] = hash_of(nodes_of(mesh, e));
  const std::vector<std::int32_t> suspect = suspects(comm, hash);

  RepeatedElements found;
  if (comm.sum(std::int64_t(suspect.size())) == 0) return found;
  const auto element = [&](std::int64_t i) { return std::size_t(suspect[std::size_t(i)]); };
  const Routes routes = group_by_rank(std::int64_t(suspect.size()), comm.size(),
                                      [&](std::int64_t i) { return home_of(hash[element(i)], comm.size()); });
  const auto arrivals = deliver<Suspect>(comm, routes, [&](std::int32_t i) {
    return Suspect{nodes_of(mesh, element(i)), first + std::int64_t(element(i))};
  });
  const Arrivals<std::uint8_t> copies = find_copies(arrivals, found.repeated);
  answer(comm, routes, copies, [&](std::int32_t i, std::uint8_t yes) {
    if (yes) found.copies.push_back(suspect[std::size_t(i)]);
  });
  std::sort(found.copies.begin(), found.copies.end());
  found.repeated = comm.sum(found.repeated);
  return found;
}

void remove_elements(MeshSlab& mesh, const std::vector<std::int32_t>& positions) {
  if (positions.empty()) return;
  std::size_t kept = 0, corners = 0, kept_wrapped = 0, wrapped = 0;
  auto next = positions.begin();
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    const bool crosses = wrapped < mesh.wrapped.size() && std::size_t(mesh.wrapped[wrapped]) == e;
    wrapped += crosses ? 1 : 0;
    if (next != positions.end() && std::size_t(*next) == e) {
      ++next;
      continue;
    }
    if (crosses) mesh.wrapped[kept_wrapped++] = std::int32_t(kept);
    const std::size_t begin = std::size_t(mesh.corner_offset[e]), end = std::size_t(mesh.corner_offset[e + 1]);
    for (std::size_t c = begin; c < end; ++c) mesh.corner[corners++] = mesh.corner[c];
    mesh.shape[kept++] = mesh.shape[e];
    mesh.corner_offset[kept] = std::int32_t(corners);
  }
  mesh.shape.resize(kept);
  mesh.corner_offset.resize(kept + 1);
  mesh.corner.resize(corners);
  mesh.wrapped.resize(kept_wrapped);
}

void note_repeated_elements(const Communicator& comm, const MeshSlab& mesh, std::int64_t repeated) {
  if (repeated == 0) return;
  note(comm, mesh.source, mesh.source.empty() ? "" : ": ", repeated,
       repeated == 1 ? " element that occurs more than once is counted once"
                     : " elements that occur more than once are counted once");
}

std::int64_t drop_repeated_elements(const Communicator& comm, MeshSlab& mesh) {
  agree_on_slabs(comm, mesh);
  const RepeatedElements found = find_repeated_elements(comm, mesh);
  remove_elements(mesh, found.copies);
  return found.repeated;
}

}  // namespace halograph
