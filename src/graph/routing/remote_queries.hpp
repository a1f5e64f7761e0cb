// SPDX-License-Identifier: BSD-3-Clause
// Points on their way to the ranks that search for their neighbours, and what these found on its way back: one message
// to each rank that is asked, and one back.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "graph/routing/routing.hpp"

namespace halograph {

/// A point to search for.
template <class T>
struct Question {
  std::int64_t id;         ///< of the point
  std::int64_t within_id;  ///< with `within`: only what comes before is of use
  T within;
  std::int32_t group;
};

/// The questions that reached a rank.
template <class T>
struct Asked {
  std::vector<Question<T>> question;
  std::vector<T> points;                        ///< [questions, dims]
  std::vector<std::pair<int, std::size_t>> to;  ///< who asked, and the end of their questions
};

template <class T>
Asked<T> unpacked(const Arrivals<std::byte>& arrivals, std::int64_t dims) {
  const std::size_t coordinates = std::size_t(dims) * sizeof(T), bytes = sizeof(Question<T>) + coordinates;
  Asked<T> asked;
  std::size_t n = 0;
  for (const auto& [source, data] : arrivals) n += data.size() / bytes;
  asked.question.resize(n);
  asked.points.resize(n * std::size_t(dims));
  n = 0;
  for (const auto& [source, data] : arrivals) {
    for (std::size_t at = 0; at < data.size(); at += bytes, ++n) {
      std::memcpy(&asked.question[n], &data[at], sizeof(Question<T>));
      std::memcpy(&asked.points[n * std::size_t(dims)], &data[at + sizeof(Question<T>)], coordinates);
    }
    asked.to.emplace_back(source, n);
  }
  return asked;
}

/// Sends write(query) with the point of each query of the routes; search(asked) gives what it found, ascending by its
/// member `question`, the number among those asked; take(query, found) gets it. Collective.
template <class Found, class T, class Write, class Point, class Search, class Take>
void ask(const Communicator& comm, const Routes& routes, std::int64_t dims, Write&& write, Point&& point,
         Search&& search, Take&& take) {
  const std::size_t coordinates = std::size_t(dims) * sizeof(T), bytes = sizeof(Question<T>) + coordinates;
  Arrivals<std::byte> outgoing;
  for (const auto& [rank, queries] : routes) {
    std::vector<std::byte>& data = outgoing.emplace_back(rank, std::vector<std::byte>()).second;
    data.resize(queries.size() * bytes);
    std::byte* to = data.data();
    for (const std::int32_t query : queries) {
      const Question<T> question = write(query);
      std::memcpy(to, &question, sizeof question);
      std::memcpy(to + sizeof question, point(query), coordinates);
      to += bytes;
    }
  }
  const Asked<T> asked = unpacked<T>(sparse_exchange(comm, outgoing), dims);
  const std::vector<Found> found = search(asked);
  Arrivals<Found> answers;
  auto next = found.begin();
  std::size_t begin = 0;
  for (const auto& [rank, end] : asked.to) {
    std::vector<Found>& list = answers.emplace_back(rank, std::vector<Found>()).second;
    for (; next != found.end() && std::size_t(next->question) < end; ++next) {
      list.push_back(*next);
      list.back().question -= std::int32_t(begin);
    }
    begin = end;
  }
  for (const auto& [rank, list] : sparse_exchange(comm, answers)) {
    const auto route = std::lower_bound(routes.begin(), routes.end(), rank,
                                        [](const auto& entry, int wanted) { return entry.first < wanted; });
    for (const Found& reply : list) take(route->second[std::size_t(reply.question)], reply);
  }
}

/// ask() for pairs of a rank and a query, in rounds that bound the memory. Collective.
template <class Found, class T, class Write, class Point, class Search, class Take>
void ask_in_rounds(const Communicator& comm, std::span<const std::pair<int, std::int32_t>> asked, std::int64_t dims,
                   const Write& write, const Point& point, const Search& search, const Take& take) {
  constexpr std::size_t at_once = std::size_t(1) << 20;
  const std::int64_t rounds = comm.max(std::int64_t((asked.size() + at_once - 1) / at_once));
  for (std::int64_t round = 0; round < rounds; ++round) {
    const std::size_t begin = std::min(asked.size(), std::size_t(round) * at_once);
    const auto now = asked.subspan(begin, std::min(asked.size() - begin, at_once));
    Routes routes =
        group_by_rank(std::int64_t(now.size()), comm.size(), [&](auto i) { return now[std::size_t(i)].first; });
    for (auto& [rank, list] : routes)
      for (std::int32_t& i : list) i = now[std::size_t(i)].second;
    ask<Found, T>(comm, routes, dims, write, point, search, take);
  }
}

}  // namespace halograph
