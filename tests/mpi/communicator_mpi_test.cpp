// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/communicator.hpp>

#include <gtest/gtest.h>

namespace halograph {
namespace {

// Rank r holds r elements: the lowest rank an empty span.
std::vector<std::int64_t> piece_of(int rank) {
  std::vector<std::int64_t> values;
  for (int i = 0; i < rank; ++i) values.push_back(100 * rank + i);
  return values;
}

std::vector<std::int64_t> all_pieces(int ranks) {
  std::vector<std::int64_t> all;
  for (int rank = 0; rank < ranks; ++rank)
    for (std::int64_t value : piece_of(rank)) all.push_back(value);
  return all;
}

TEST(Communicator, GathersUnevenPieces) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto mine = piece_of(comm.rank());
  for (int root = 0; root < comm.size(); ++root) {
    const auto gathered = comm.gather_v(std::span<const std::int64_t>(mine), root);
    EXPECT_EQ(gathered, comm.rank() == root ? all_pieces(comm.size()) : std::vector<std::int64_t>());
  }
  EXPECT_EQ(comm.all_gather_v(std::span<const std::int64_t>(mine)), all_pieces(comm.size()));
  const auto ranks = comm.all_gather(comm.rank());
  for (int rank = 0; rank < comm.size(); ++rank) EXPECT_EQ(ranks[std::size_t(rank)], rank);
}

TEST(Communicator, AcceptsEmptySpans) {
  const Communicator comm(MPI_COMM_WORLD);
  const std::span<const std::int64_t> none;
  EXPECT_TRUE(comm.sum(none).empty());
  EXPECT_TRUE(comm.max(none).empty());
  EXPECT_TRUE(comm.min(none).empty());
  EXPECT_TRUE(comm.gather_v(none, comm.size() - 1).empty());
  EXPECT_TRUE(comm.all_gather_v(none).empty());
  std::vector<double> values(comm.rank() == 0 ? 0 : 3, 1.0);
  comm.broadcast(values, 0);
  EXPECT_TRUE(values.empty());
  std::string text = comm.rank() == 0 ? "" : "old";
  comm.broadcast(text, 0);
  EXPECT_EQ(text, "");
}

TEST(Communicator, BroadcastReplacesSizeAndContent) {
  const Communicator comm(MPI_COMM_WORLD);
  for (int root = 0; root < comm.size(); ++root) {
    std::vector<std::int64_t> values = piece_of(comm.rank() + 1);
    comm.broadcast(values, root);
    EXPECT_EQ(values, piece_of(root + 1));
    std::string text = cat("text of rank ", comm.rank());
    comm.broadcast(text, root);
    EXPECT_EQ(text, cat("text of rank ", root));
  }
}

TEST(Communicator, Reduces) {
  const Communicator comm(MPI_COMM_WORLD);
  const int ranks = comm.size(), rank = comm.rank();
  EXPECT_EQ(comm.sum(std::int64_t(rank) << 40), (std::int64_t(ranks) * (ranks - 1) / 2) << 40);
  EXPECT_EQ(comm.max(double(rank)), double(ranks - 1));
  EXPECT_EQ(comm.min(std::uint64_t(rank) + (std::uint64_t(1) << 63)), std::uint64_t(1) << 63);
  const std::vector<std::int32_t> pair{rank, -rank};
  EXPECT_EQ(comm.max(std::span<const std::int32_t>(pair)), (std::vector<std::int32_t>{ranks - 1, 0}));
  EXPECT_EQ(comm.min(std::span<const std::int32_t>(pair)), (std::vector<std::int32_t>{0, 1 - ranks}));
  EXPECT_EQ(comm.exclusive_sum(rank + 1), std::int64_t(rank) * (rank + 1) / 2);
}

TEST(Communicator, Splits) {
  const Communicator comm(MPI_COMM_WORLD);
  const int rank = comm.rank(), ranks = comm.size();
  const Communicator parity = comm.split(rank % 2, -rank);  // the highest rank comes first
  EXPECT_EQ(parity.size(), (ranks + 1 - rank % 2) / 2);
  EXPECT_EQ(parity.rank(), (ranks - 1 - rank) / 2);
  const Communicator without_last = comm.split(rank == ranks - 1 ? -1 : 0, rank);
  if (rank == ranks - 1) {
    EXPECT_EQ(without_last.size(), 1);
    EXPECT_EQ(without_last.sum(std::int64_t(5)), 5);
  } else {
    EXPECT_EQ(without_last.size(), ranks - 1);
  }
  const Communicator copy = parity;
  EXPECT_EQ(copy.raw(), parity.raw());
}

TEST(Communicator, AgreeThrowsTheLowestErrorEverywhere) {
  const Communicator comm(MPI_COMM_WORLD);
  EXPECT_NO_THROW(agree(comm, ""));
  for (int failing = 0; failing < comm.size(); ++failing) {
    try {
      require_all<FileError>(comm, comm.rank() < failing, "bad value on rank ", comm.rank());
      FAIL() << "no error";
    } catch (const FileError& error) {
      EXPECT_EQ(std::string(error.what()), cat("bad value on rank ", failing));
    }
  }
}

/// Rank `failing` and the higher ones throw a `Kind`; all ranks must get that of `failing`.
template <class Kind>
void expect_together(const Communicator& comm, int failing) {
  try {
    on_all_ranks(comm, [&] { require<Kind>(comm.rank() < failing, "rank ", comm.rank(), " cannot go on"); });
    ADD_FAILURE() << "no error";
  } catch (const std::exception& error) {
    EXPECT_TRUE(typeid(error) == typeid(Kind)) << typeid(error).name();
    EXPECT_EQ(std::string(error.what()), cat("rank ", failing, " cannot go on"));
  }
}

TEST(Communicator, TogetherThrowsTheSameTypeOnAllRanks) {
  const Communicator comm(MPI_COMM_WORLD);
  int runs = 0;
  EXPECT_NO_THROW(on_all_ranks(comm, [&] { ++runs; }));
  EXPECT_EQ(runs, 1);
  for (int failing = 0; failing < comm.size(); ++failing) {
    expect_together<FileError>(comm, failing);
    expect_together<UsageError>(comm, failing);
    expect_together<MpiError>(comm, failing);
    expect_together<DeviceError>(comm, failing);
    expect_together<NotImplemented>(comm, failing);
    expect_together<Error>(comm, failing);
  }
}

TEST(Communicator, TogetherThrowsTheLowestOfDifferentTypes) {
  const Communicator comm(MPI_COMM_WORLD);
  EXPECT_THROW(on_all_ranks(comm, [&] { comm.rank() == 0 ? throw UsageError("a") : throw FileError("b"); }),
               UsageError);
  // An exception of another library has no place in our tree: it becomes an Error on all ranks.
  try {
    on_all_ranks(comm, [&] {
      if (comm.rank() == comm.size() - 1) throw std::out_of_range("far");
    });
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "far");
  }
}

TEST(Communicator, DefaultIsAWorldOfOne) {
  const Communicator alone;
  EXPECT_EQ(alone.size(), 1);
  EXPECT_EQ(alone.rank(), 0);
  EXPECT_EQ(alone.exclusive_sum(4), 0);
  EXPECT_EQ(alone.all_gather(3), std::vector<int>{3});
}

}  // namespace
}  // namespace halograph
