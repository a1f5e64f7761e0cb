// SPDX-License-Identifier: BSD-3-Clause
#include "train/point_numbers.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <halograph/mpi/sparse_exchange.hpp>

namespace halograph::train {
namespace {

using Messages = std::vector<std::pair<int, std::vector<std::int64_t>>>;

/// Every id has a home rank that knows its number.
int home_of(std::int64_t id, int ranks) { return int(id % ranks); }

Messages to_homes(const std::vector<std::int64_t>& values, int ranks, std::int64_t first_number) {
  std::map<int, std::vector<std::int64_t>> by_home;
  for (std::size_t i = 0; i < values.size(); ++i) {
    auto& message = by_home[home_of(values[i], ranks)];
    message.push_back(values[i]);
    if (first_number >= 0) message.push_back(first_number + std::int64_t(i));
  }
  return {by_home.begin(), by_home.end()};
}

}  // namespace

std::vector<std::int64_t> point_numbers(const Communicator& comm, const std::vector<std::int64_t>& node_id,
                                        const std::vector<std::int64_t>& wanted, const std::string& source) {
  const std::int64_t first = comm.exclusive_sum(std::int64_t(node_id.size()));
  std::unordered_map<std::int64_t, std::int64_t> number;
  for (const auto& [rank, pairs] : sparse_exchange(comm, to_homes(node_id, comm.size(), first)))
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) number[pairs[i]] = pairs[i + 1];

  std::vector<std::int64_t> ids = wanted;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  Messages answers = sparse_exchange(comm, to_homes(ids, comm.size(), -1));
  std::string error;
  for (auto& [rank, asked] : answers) {
    std::vector<std::int64_t> reply;
    for (const std::int64_t id : asked) {
      const auto found = number.find(id);
      if (found == number.end()) error = cat(source, ": a cell has the corner ", id, ", which is not a node");
      reply.insert(reply.end(), {id, found == number.end() ? -1 : found->second});
    }
    asked = std::move(reply);
  }
  agree<FileError>(comm, error);
  number.clear();
  for (const auto& [rank, pairs] : sparse_exchange(comm, answers))
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) number[pairs[i]] = pairs[i + 1];
  std::vector<std::int64_t> result(wanted.size());
  std::transform(wanted.begin(), wanted.end(), result.begin(), [&](std::int64_t id) { return number.at(id); });
  return result;
}

}  // namespace halograph::train
