// SPDX-License-Identifier: BSD-3-Clause
#include "graph/setup/plan.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <tuple>

#include "graph/routing/routing.hpp"

namespace halograph {

ExchangePlan plan_copies(const TreeSum& tree, const LocalNodes& nodes, std::span<const std::int64_t> id,
                         std::span<const std::int32_t> patch) {
  const Communicator& comm = tree.comm();
  ExchangePlan plan;
  plan.n_owned = std::int64_t(nodes.id.size());
  plan.ghost_source.resize(id.size());
  std::vector<std::int32_t> remote;
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (owner_of(tree.first_patch(), patch[i]) == comm.rank()) plan.ghost_source[i] = nodes.row.find(id[i], -1);
    else remote.push_back(std::int32_t(i));
  }
  // In the owner's row order; patches ascend with ranks, so this is by owner too.
  std::sort(remote.begin(), remote.end(), [&](std::int32_t a, std::int32_t b) {
    return std::tie(patch[std::size_t(a)], id[std::size_t(a)]) < std::tie(patch[std::size_t(b)], id[std::size_t(b)]);
  });
  Arrivals<std::int64_t> asked;
  std::int64_t received = 0;
  for (std::size_t i = 0; i < remote.size(); ++i) {
    const std::size_t wanted = std::size_t(remote[i]);
    if (i == 0 || id[wanted] != id[std::size_t(remote[i - 1])]) {
      const int owner = owner_of(tree.first_patch(), patch[wanted]);
      if (asked.empty() || asked.back().first != owner) asked.emplace_back(owner, std::vector<std::int64_t>());
      asked.back().second.push_back(id[wanted]);
      ++received;
    }
    plan.ghost_source[wanted] = std::int32_t(plan.n_owned + received - 1);
  }
  const auto to_send = comm.size() > 1 ? sparse_exchange(comm, asked) : Arrivals<std::int64_t>();

  std::string unknown;
  for (const auto& [rank, list] : to_send)
    for (const std::int64_t node : list)
      if (unknown.empty() && nodes.row.find(node, -1) < 0)
        unknown = cat("rank ", comm.rank(), " does not own node ", node);
  agree<UsageError>(comm, unknown);

  std::set<int> neighbours;
  for (const auto& [rank, list] : asked) neighbours.insert(rank);
  for (const auto& [rank, list] : to_send) neighbours.insert(rank);
  plan.neighbour.assign(neighbours.begin(), neighbours.end());
  plan.send_offset.assign(1, 0);
  plan.receive_offset.assign(1, 0);
  auto ask = asked.begin();
  auto send = to_send.begin();
  for (const int rank : plan.neighbour) {
    std::int64_t arriving = 0;
    if (ask != asked.end() && ask->first == rank) arriving = std::int64_t((ask++)->second.size());
    plan.receive_offset.push_back(plan.receive_offset.back() + arriving);
    if (send != to_send.end() && send->first == rank)
      for (const std::int64_t node : (send++)->second) plan.send_row.push_back(nodes.row.find(node, -1));
    plan.send_offset.push_back(std::int64_t(plan.send_row.size()));
  }
  plan.return_offset.assign(plan.neighbour.size() + 1, 0);
  plan.return_receive_offset = plan.return_offset;
  plan.add_offset.assign(1, 0);
  return plan;
}

void plan_returns(const TreeSum& tree, std::span<const std::int64_t> ghost_offset, ExchangePlan& plan) {
  // A ghost as its owner sees it.
  struct Copy {
    std::int32_t row, patch, source;
  };
  struct Returned {
    std::int32_t wanted, patch;  // place among the rows that the owner sends to this rank; holder's patch
  };
  const Communicator& comm = tree.comm();
  const std::int64_t first = tree.first_patch()[std::size_t(comm.rank())];
  const std::int64_t n_ghosts = plan.n_ghosts();
  std::vector<Copy> copies;
  std::vector<std::vector<std::int32_t>> ghosts(plan.neighbour.size());
  Arrivals<Returned> outgoing;
  for (const int rank : plan.neighbour) outgoing.emplace_back(rank, std::vector<Returned>());
  for (std::size_t p = 0; p + 1 < ghost_offset.size(); ++p)
    for (std::int64_t g = ghost_offset[p]; g < ghost_offset[p + 1]; ++g) {
      const std::int64_t from = plan.ghost_source[std::size_t(g)], patch = first + std::int64_t(p);
      if (from < plan.n_owned) {
        copies.push_back({std::int32_t(from), std::int32_t(patch), std::int32_t(g)});
        continue;
      }
      const auto& offset = plan.receive_offset;
      const auto after = std::upper_bound(offset.begin(), offset.end(), from - plan.n_owned);
      const std::size_t neighbour = std::size_t(after - offset.begin()) - 1;
      ghosts[neighbour].push_back(std::int32_t(g));
      outgoing[neighbour].second.push_back(
          {std::int32_t(from - plan.n_owned - offset[neighbour]), std::int32_t(patch)});
    }
  // The relation is symmetric: every neighbour sends a list, if an empty one.
  const auto incoming = comm.size() > 1 ? sparse_exchange(comm, outgoing) : Arrivals<Returned>();
  std::int64_t received = 0;
  for (const auto& [rank, list] : incoming) received += std::int64_t(list.size());
  require_all<UsageError>(comm, n_ghosts + received <= std::numeric_limits<std::int32_t>::max(), "rank ", comm.rank(),
                          " would add ", n_ghosts + received, " values of ghosts, more than 2^31 - 1: use more ranks");
  received = 0;
  for (std::size_t k = 0; k < plan.neighbour.size(); ++k) {
    plan.return_row.insert(plan.return_row.end(), ghosts[k].begin(), ghosts[k].end());
    plan.return_offset[k + 1] = std::int64_t(plan.return_row.size());
    for (const Returned& ghost : incoming[k].second) {
      const std::int32_t row = plan.send_row[std::size_t(plan.send_offset[k] + ghost.wanted)];
      copies.push_back({row, ghost.patch, std::int32_t(n_ghosts + received++)});
    }
    plan.return_receive_offset[k + 1] = received;
  }
  std::sort(copies.begin(), copies.end(),
            [](const Copy& a, const Copy& b) { return std::tie(a.row, a.patch) < std::tie(b.row, b.patch); });
  plan.add_offset.clear();
  for (std::size_t i = 0; i < copies.size(); ++i) {
    if (i == 0 || copies[i].row != copies[i - 1].row) {
      plan.add_row.push_back(copies[i].row);
      plan.add_offset.push_back(std::int32_t(i));
    }
    plan.add_source.push_back(copies[i].source);
  }
  plan.add_offset.push_back(std::int32_t(copies.size()));
}

}  // namespace halograph
