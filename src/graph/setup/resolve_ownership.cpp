// SPDX-License-Identifier: BSD-3-Clause
#include "graph/setup/resolve_ownership.hpp"

#include <string>

#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

constexpr std::int32_t not_given = -1;

/// What a rank says about one node.
struct Opinion {
  std::int64_t id;
  std::int32_t owner, patch, copies;
};

struct Verdict {
  std::int32_t owner, patch, copies;
};

/// A node at its home.
struct Entry {
  Opinion said;  // by the first rank, with the copies of all
  int first_rank;
  bool owner_lists;
};

std::string disagreement(const char* what, const Opinion& a, const Opinion& b) {
  const bool owners = a.owner != b.owner;
  return cat("from_partition: node ", a.id, " has ", what, " ", owners ? a.owner : a.patch, " and ",
             owners ? b.owner : b.patch, "; all copies of a node name the same");
}

std::string conflict(const Opinion& a, const Opinion& b) {
  if (a.owner != b.owner) return disagreement("owner", a, b);
  if (a.patch != b.patch) return disagreement("patch", a, b);
  return {};
}

void keep_first(std::string& problem, std::string other) {
  if (problem.empty()) problem = std::move(other);
}

/// Joins the opinions of all ranks on the nodes at home here.
std::vector<Entry> joined(const Arrivals<Opinion>& arrivals, IdMap& position, std::string& problem) {
  std::vector<Entry> entries;
  for (const auto& [source, list] : arrivals)
    for (const Opinion& said : list) {
      const auto [at, is_new] = position.insert(said.id, std::int32_t(entries.size()));
      if (is_new) entries.push_back({said, source, said.owner == source});
      else {
        Entry& entry = entries[std::size_t(at)];
        keep_first(problem, conflict(entry.said, said));
        entry.said.copies += said.copies;
        entry.owner_lists = entry.owner_lists || said.owner == source;
      }
    }
  for (const Entry& entry : entries)
    if (entry.said.owner != not_given && !entry.owner_lists)
      keep_first(problem,
                 cat("from_partition: rank ", entry.said.owner, " owns node ", entry.said.id, " but does not list it"));
  return entries;
}

}  // namespace

ResolvedNodes resolve_ownership(const Communicator& comm, const SolverPartition& part, bool own_patches) {
  ResolvedNodes resolved;
  std::vector<Opinion> opinions;
  std::string problem;
  IdMap distinct(part.node_id.size());
  for (std::size_t i = 0; i < part.node_id.size(); ++i) {
    const Opinion said{part.node_id[i], part.owner.empty() ? not_given : part.owner[i],
                       own_patches ? part.patch[i] : not_given, 1};
    const auto [at, is_new] = distinct.insert(said.id, std::int32_t(opinions.size()));
    resolved.node.push_back(at);
    if (is_new) {
      resolved.first_copy.push_back(std::int32_t(i));
      opinions.push_back(said);
    } else {
      keep_first(problem, conflict(opinions[std::size_t(at)], said));
      ++opinions[std::size_t(at)].copies;
    }
  }
  agree<UsageError>(comm, problem);

  const Routes routes = group_by_rank(std::int64_t(opinions.size()), comm.size(),
                                      [&](auto i) { return home_of(opinions[std::size_t(i)].id, comm.size()); });
  const auto arrivals = deliver<Opinion>(comm, routes, [&](std::int32_t i) { return opinions[std::size_t(i)]; });
  IdMap position;
  const std::vector<Entry> entries = joined(arrivals, position, problem);
  agree<UsageError>(comm, problem);

  Arrivals<Verdict> verdicts;
  for (const auto& [source, list] : arrivals) {
    auto& replies = verdicts.emplace_back(source, std::vector<Verdict>()).second;
    for (const Opinion& said : list) {
      const Entry& entry = entries[std::size_t(position.find(said.id, -1))];
      const std::int32_t owner = entry.said.owner == not_given ? entry.first_rank : entry.said.owner;
      replies.push_back({owner, own_patches ? entry.said.patch : owner, entry.said.copies});
    }
  }
  resolved.owner.resize(opinions.size());
  resolved.patch.resize(opinions.size());
  resolved.copies.resize(opinions.size());
  answer(comm, routes, verdicts, [&](std::int32_t i, const Verdict& verdict) {
    resolved.owner[std::size_t(i)] = verdict.owner;
    resolved.patch[std::size_t(i)] = verdict.patch;
    resolved.copies[std::size_t(i)] = verdict.copies;
  });
  return resolved;
}

}  // namespace halograph
