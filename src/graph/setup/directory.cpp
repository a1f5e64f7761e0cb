// SPDX-License-Identifier: BSD-3-Clause
#include "graph/setup/directory.hpp"

#include <string>

#include "graph/routing/routing.hpp"

namespace halograph {
namespace {

struct NodeInPatch {
  std::int64_t id;
  std::int32_t patch;
};

constexpr std::int32_t unknown = -1;

std::string duplicate(std::int64_t id) {
  return cat("node id ", id, " occurs more than once; each node belongs to exactly one slab");
}

}  // namespace

Directory::Directory(const Communicator& comm, std::span<const std::int64_t> id, std::span<const std::int32_t> patch)
    : comm_(comm), own_(id.size()) {
  std::string problem;
  for (std::size_t i = 0; i < id.size(); ++i)
    if (!own_.insert(id[i], patch[i]).second && problem.empty()) problem = duplicate(id[i]);
  agree<UsageError>(comm, problem);
  if (comm.size() == 1) return;

  const Routes routes = group_by_rank(std::int64_t(id.size()), comm.size(),
                                      [&](auto i) { return home_of(id[std::size_t(i)], comm.size()); });
  const auto arrivals = deliver<NodeInPatch>(comm, routes, [&](auto i) {
    return NodeInPatch{id[std::size_t(i)], patch[std::size_t(i)]};
  });
  std::size_t entries = 0;
  for (const auto& [source, list] : arrivals) entries += list.size();
  home_ = IdMap(entries);
  for (const auto& [source, list] : arrivals)
    for (const NodeInPatch& entry : list)
      if (!home_.insert(entry.id, entry.patch).second && problem.empty()) problem = duplicate(entry.id);
  agree<UsageError>(comm, problem);
}

std::vector<std::int32_t> Directory::patches_of(std::span<const std::int64_t> ids) const {
  std::vector<std::int32_t> patch(ids.size());
  // Ids from elsewhere: position in `asked`, stored below `unknown` until the answers are here.
  IdMap seen;
  std::vector<std::int64_t> asked;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    patch[i] = ids[i] < 0 ? unknown : own_.find(ids[i], unknown);
    if (patch[i] != unknown || comm_.size() == 1 || ids[i] < 0) continue;
    const auto [position, is_new] = seen.insert(ids[i], std::int32_t(asked.size()));
    if (is_new) asked.push_back(ids[i]);
    patch[i] = unknown - 1 - position;
  }
  if (comm_.size() == 1) return patch;

  const Routes routes = group_by_rank(std::int64_t(asked.size()), comm_.size(),
                                      [&](auto i) { return home_of(asked[std::size_t(i)], comm_.size()); });
  const auto questions = deliver<std::int64_t>(comm_, routes, [&](auto i) { return asked[std::size_t(i)]; });
  Arrivals<std::int32_t> answers;
  for (const auto& [source, list] : questions) {
    auto& replies = answers.emplace_back(source, std::vector<std::int32_t>()).second;
    replies.reserve(list.size());
    for (const std::int64_t id : list) replies.push_back(home_.find(id, unknown));
  }
  std::vector<std::int32_t> found(asked.size(), unknown);
  answer(comm_, routes, answers, [&](std::int32_t position, std::int32_t p) { found[std::size_t(position)] = p; });
  for (std::int32_t& p : patch)
    if (p < unknown) p = found[std::size_t(unknown - 1 - p)];
  return patch;
}

}  // namespace halograph
