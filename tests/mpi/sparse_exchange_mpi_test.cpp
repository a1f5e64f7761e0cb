// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/sparse_exchange.hpp>

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace halograph {
namespace {

template <class T>
using Messages = std::vector<std::pair<int, std::vector<T>>>;

// All ranks know what all ranks send: each computes what it should get.
Messages<std::int64_t> random_messages(int source, int ranks, int round) {
  std::mt19937_64 random(std::uint64_t(source * 1000 + round));
  Messages<std::int64_t> messages;
  for (int rank = 0; rank < ranks; ++rank) {
    if (random() % 3 != 0) continue;
    std::vector<std::int64_t> data(random() % 5 == 0 ? 0 : random() % 4000);
    for (auto& value : data) value = std::int64_t(random());
    messages.emplace_back(rank, data);
  }
  return messages;
}

Messages<std::int64_t> expected_messages(int rank, int ranks, int round) {
  Messages<std::int64_t> expected;
  for (int source = 0; source < ranks; ++source)
    for (auto& [target, data] : random_messages(source, ranks, round))
      if (target == rank) expected.emplace_back(source, data);
  return expected;
}

TEST(SparseExchange, ConsecutiveRoundsDoNotMix) {
  const Communicator comm(MPI_COMM_WORLD);
  for (int round = 0; round < 60; ++round) {
    const auto arrived = sparse_exchange(comm, random_messages(comm.rank(), comm.size(), round));
    ASSERT_EQ(arrived, expected_messages(comm.rank(), comm.size(), round)) << "round " << round;
  }
}

TEST(SparseExchange, NothingToSend) {
  const Communicator comm(MPI_COMM_WORLD);
  EXPECT_TRUE(sparse_exchange(comm, Messages<double>{}).empty());
}

TEST(SparseExchange, SplitsLongMessagesAtWholeItems) {
  const Communicator comm(MPI_COMM_WORLD);
  using Triple = std::array<std::int32_t, 3>;
  std::vector<Triple> data(1000);
  for (int i = 0; i < 1000; ++i) data[std::size_t(i)] = {comm.rank(), i, -i};
  const int next = (comm.rank() + 1) % comm.size(), previous = (comm.rank() + comm.size() - 1) % comm.size();
  for (const std::int64_t longest : {1, 100, 3000, 11999, 12000}) {
    const auto arrived = sparse_exchange(comm, Messages<Triple>{{next, data}}, longest);
    ASSERT_EQ(arrived.size(), 1u);
    EXPECT_EQ(arrived[0].first, previous);
    ASSERT_EQ(arrived[0].second.size(), 1000u);
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(arrived[0].second[std::size_t(i)], (Triple{previous, i, -i}));
  }
}

TEST(SparseExchange, JoinsEntriesForOneRank) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto arrived = sparse_exchange(comm, Messages<int>{{0, {comm.rank()}}, {0, {}}, {0, {7, 8}}});
  if (comm.rank() > 0) {
    EXPECT_TRUE(arrived.empty());
    return;
  }
  ASSERT_EQ(int(arrived.size()), comm.size());
  for (int rank = 0; rank < comm.size(); ++rank) {
    EXPECT_EQ(arrived[std::size_t(rank)].first, rank);
    EXPECT_EQ(arrived[std::size_t(rank)].second, (std::vector<int>{rank, 7, 8}));
  }
}

TEST(SparseExchange, WrongRankIsAnErrorOfAll) {
  const Communicator comm(MPI_COMM_WORLD);
  const int wrong = comm.rank() == comm.size() - 1 ? comm.size() : 0;
  try {
    sparse_exchange(comm, Messages<int>{{wrong, {1}}});
    FAIL() << "no error";
  } catch (const UsageError& error) {
    EXPECT_EQ(std::string(error.what()), cat("sparse_exchange: rank ", comm.size(), " is not in 0..", comm.size() - 1));
  }
  EXPECT_EQ(sparse_exchange(comm, Messages<int>{{comm.rank(), {5}}}), (Messages<int>{{comm.rank(), {5}}}));
}

TEST(SparseExchange, WorksWithoutMpiCommunicator) {
  const Communicator alone;
  EXPECT_EQ(sparse_exchange(alone, Messages<int>{{0, {1, 2}}}), (Messages<int>{{0, {1, 2}}}));
}

}  // namespace
}  // namespace halograph
