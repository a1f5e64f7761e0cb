// SPDX-License-Identifier: BSD-3-Clause
// Sends data to a few ranks when no rank knows who sends to whom: the first step of every set-up that has to find
// neighbours. The method is nonblocking consensus (Hoefler, Siebert, Lumsdaine, "Scalable communication protocols
// for dynamic sparse data exchange", 2010): synchronous sends complete when they are matched, and a nonblocking
// barrier tells when those of all ranks have. The cost follows the number of messages; there is no table with one
// entry per rank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Longer messages travel in pieces of at most this many bytes: MPI counts are int.
inline constexpr std::int64_t longest_message = std::int64_t(1) << 30;

/// sparse_exchange() on bytes: `room(source, bytes)` returns where the next `bytes` from `source`
/// go, behind those before. Pieces are multiples of `item` bytes. Collective.
void sparse_exchange_bytes(const Communicator& comm,
                           const std::vector<std::pair<int, std::span<const std::byte>>>& outgoing,
                           const std::function<std::byte*(int source, std::int64_t bytes)>& room, std::int64_t item,
                           std::int64_t longest = longest_message);

/// Delivers each (rank, data) of `outgoing` and returns the (source, data) that arrived here, sorted
/// by source; empty data arrives as empty data. Data of several entries for one rank arrives joined,
/// in the order of the entries. A rank outside the communicator is a UsageError on all ranks.
/// Collective.
template <class T>
std::vector<std::pair<int, std::vector<T>>> sparse_exchange(
    const Communicator& comm, const std::vector<std::pair<int, std::vector<T>>>& outgoing,
    std::int64_t longest = longest_message) requires std::is_trivially_copyable_v<T> {
  std::vector<std::pair<int, std::span<const std::byte>>> bytes;
  bytes.reserve(outgoing.size());
  for (const auto& [rank, data] : outgoing) bytes.emplace_back(rank, std::as_bytes(std::span<const T>(data)));
  std::map<int, std::vector<T>> incoming;
  const auto room = [&incoming](int source, std::int64_t count) {
    std::vector<T>& data = incoming[source];
    const std::size_t before = data.size();
    data.resize(before + std::size_t(count) / sizeof(T));
    return reinterpret_cast<std::byte*>(data.data() + before);
  };
  sparse_exchange_bytes(comm, bytes, room, sizeof(T), longest);
  std::vector<std::pair<int, std::vector<T>>> result;
  result.reserve(incoming.size());
  for (auto& [source, data] : incoming) result.emplace_back(source, std::move(data));
  return result;
}

}  // namespace halograph
