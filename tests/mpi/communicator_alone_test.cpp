// SPDX-License-Identifier: BSD-3-Clause
// A program that never starts MPI still has a communicator of one rank.
#include <halograph/mpi/communicator.hpp>

#include <gtest/gtest.h>

#include <halograph/mpi/sparse_exchange.hpp>

namespace halograph {
namespace {

TEST(CommunicatorWithoutMpi, IsAWorldOfOne) {
  const Communicator alone;
  EXPECT_EQ(alone.size(), 1);
  EXPECT_EQ(alone.sum(std::int64_t(3)), 3);
  EXPECT_EQ(alone.max(2.5), 2.5);
  EXPECT_EQ(alone.min(-1), -1);
  EXPECT_EQ(alone.exclusive_sum(7), 0);
  EXPECT_EQ(alone.all_gather('a'), std::vector<char>{'a'});
  std::string text = "kept";
  alone.broadcast(text, 0);
  EXPECT_EQ(text, "kept");
  alone.barrier();
  EXPECT_EQ(alone.split(3, 0).size(), 1);
  EXPECT_THROW(agree<UsageError>(alone, "bad"), UsageError);
  EXPECT_THROW(on_all_ranks(alone, [] { throw FileError("bad"); }), FileError);
  using Messages = std::vector<std::pair<int, std::vector<int>>>;
  EXPECT_EQ(sparse_exchange(alone, Messages{{0, {1, 2}}}), (Messages{{0, {1, 2}}}));
  EXPECT_THROW(Communicator(MPI_COMM_WORLD), UsageError);
}

}  // namespace
}  // namespace halograph
