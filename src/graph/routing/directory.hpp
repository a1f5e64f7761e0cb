// SPDX-License-Identifier: BSD-3-Clause
// Looks up what is known of a node when no rank knows all nodes. Entries are spread over the ranks by a hash of the id,
// and questions travel in bulk.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <halograph/mpi/communicator.hpp>

#include "graph/routing/id_map.hpp"
#include "graph/routing/routing.hpp"

namespace halograph {

template <class Value>
class Directory {
 public:
  /// The nodes that this rank brings, with a value each. A node id that occurs twice, on one rank or two, is a
  /// UsageError on all ranks. Collective.
  Directory(const Communicator& comm, std::span<const std::int64_t> id, std::span<const Value> value)
      : comm_(comm), own_(id.size()) {
    std::string problem;
    for (std::size_t i = 0; i < id.size(); ++i)
      if (!own_.insert(id[i], value[i]) && problem.empty()) problem = duplicate(id[i]);
    agree<UsageError>(comm, problem);
    if (comm.size() == 1) return;

    const auto arrivals = deliver<Entry>(comm, homes_of(id), [&](auto i) {
      return Entry{id[std::size_t(i)], value[std::size_t(i)]};
    });
    std::size_t entries = 0;
    for (const auto& [source, list] : arrivals) entries += list.size();
    home_ = Table(entries);
    for (const auto& [source, list] : arrivals)
      for (const Entry& entry : list)
        if (!home_.insert(entry.id, entry.value) && problem.empty()) problem = duplicate(entry.id);
    agree<UsageError>(comm, problem);
  }

  /// Returns the value of each id, `missing` where no rank brought the node. Only ids that others brought are asked
  /// for, each once. Collective.
  std::vector<Value> find(std::span<const std::int64_t> ids, Value missing) const {
    std::vector<Value> values(ids.size(), missing);
    IdMap seen;
    std::vector<std::int64_t> asked;
    std::vector<std::pair<std::size_t, std::int32_t>> waiting;  // place in `ids`, position in `asked`
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const Value* own = ids[i] < 0 ? nullptr : own_.find(ids[i]);
      if (own) values[i] = *own;
      if (own || comm_.size() == 1 || ids[i] < 0) continue;
      const auto [position, is_new] = seen.insert(ids[i], std::int32_t(asked.size()));
      if (is_new) asked.push_back(ids[i]);
      waiting.emplace_back(i, position);
    }
    if (comm_.size() == 1) return values;

    const Routes routes = homes_of(asked);
    const auto questions = deliver<std::int64_t>(comm_, routes, [&](auto i) { return asked[std::size_t(i)]; });
    Arrivals<Value> answers;
    for (const auto& [source, list] : questions) {
      auto& replies = answers.emplace_back(source, std::vector<Value>()).second;
      replies.reserve(list.size());
      for (const std::int64_t id : list) {
        const Value* value = home_.find(id);
        replies.push_back(value ? *value : missing);
      }
    }
    std::vector<Value> found(asked.size(), missing);
    answer(comm_, routes, answers, [&](std::int32_t position, Value value) { found[std::size_t(position)] = value; });
    for (const auto& [i, position] : waiting) values[i] = found[std::size_t(position)];
    return values;
  }

 private:
  struct Entry {
    std::int64_t id;
    Value value;
  };

  /// Values by id.
  class Table {
   public:
    explicit Table(std::size_t expected = 0) : position_(expected) { values_.reserve(expected); }
    bool insert(std::int64_t id, Value value) {
      const bool is_new = position_.insert(id, std::int32_t(values_.size())).second;
      if (is_new) values_.push_back(value);
      return is_new;
    }
    const Value* find(std::int64_t id) const {
      const std::int32_t at = position_.find(id, -1);
      return at < 0 ? nullptr : &values_[std::size_t(at)];
    }

   private:
    IdMap position_;
    std::vector<Value> values_;
  };

  static std::string duplicate(std::int64_t id) {
    return cat("node id ", id, " occurs more than once; each node belongs to exactly one slab");
  }
  Routes homes_of(std::span<const std::int64_t> ids) const {
    return group_by_rank(std::int64_t(ids.size()), comm_.size(),
                         [&](auto i) { return home_of(ids[std::size_t(i)], comm_.size()); });
  }

  Communicator comm_;
  Table own_, home_;
};

}  // namespace halograph
