// SPDX-License-Identifier: BSD-3-Clause
// A rank that waits for another one says in what and for whom, and goes on when it comes.
#include "mpi/waiting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include <halograph/graph/dist/exchange.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph {
namespace {

using namespace halograph::testing;

/// Read once a process, hence before the tests begin.
const int patience_set = setenv("HALOGRAPH_WAIT_WARNING", "0.5", 1);

/// What this rank prints while `body` runs, on rank `late` well after its patience, on the others at once.
std::string printed(const Communicator& comm, int late, const std::function<void()>& body) {
  comm.barrier();
  ::testing::internal::CaptureStderr();
  if (comm.rank() == late) std::this_thread::sleep_for(std::chrono::milliseconds(1300));
  body();
  return ::testing::internal::GetCapturedStderr();
}

std::string warning(const Communicator& comm, const std::string& what, const std::string& whom) {
  return cat("halograph: warning: rank ", comm.rank(), " has waited 0.5 s in ", what, " for ", whom,
             ": do all ranks call it?\n");
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Waiting, NamesTheRankThatASumOverRowsWaitsFor) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, {200, 600, 8}, Device::host());
  const Tensor y = Tensor::full(graph.n_nodes(), 1, 3.0, DType::f64, graph.nodes());
  const int late = comm.size() - 1;
  double mean = 0;
  const std::string text = printed(comm, late, [&] { mean = ops::mean(y).item(); });
  EXPECT_EQ(mean, 3.0);
  if (comm.rank() < late) {
    EXPECT_TRUE(contains(text, "in a sum over rows for rank ")) << text;
  }
  if (comm.size() == 2 && comm.rank() == 0) {
    EXPECT_EQ(text, warning(comm, "a sum over rows", "rank 1"));
  }
}

TEST(Waiting, NamesTheRankThatAHaloExchangeWaitsFor) {
  const Communicator comm(MPI_COMM_WORLD);
  const Graph graph = make_graph(comm, {200, 600, 8}, Device::host());
  const Tensor y = Tensor::full(graph.n_nodes(), 1, 3.0, DType::f64, graph.nodes());
  const std::vector<int>& neighbours = graph.exchange()->plan().neighbour;
  const int late = comm.size() - 1;
  const std::string text = printed(comm, late, [&] { graph.exchange()->start(y, graph.ghosts()).complete(); });
  const bool waits = std::find(neighbours.begin(), neighbours.end(), late) != neighbours.end();
  if (comm.rank() < late && waits) {
    EXPECT_TRUE(contains(text, cat("in a halo exchange for rank ", late, ":"))) << text;
  }
}

TEST(Waiting, NamesTheCallWhereAnyRankMayBeMissing) {
  const Communicator comm(MPI_COMM_WORLD);
  const std::string text = printed(comm, comm.size() - 1, [&] { EXPECT_EQ(comm.max(comm.rank()), comm.size() - 1); });
  if (comm.rank() == 0 && comm.size() > 1) {
    EXPECT_EQ(text, warning(comm, "a sum or an agreement of all ranks (MPI_Allreduce)",
                            comm.size() == 2 ? "rank 1" : "other ranks"));
  }
}

TEST(Waiting, NamesTheRootOfABroadcast) {
  const Communicator comm(MPI_COMM_WORLD);
  const int root = comm.size() - 1;
  const std::string text = printed(comm, root, [&] {
    std::string word = comm.rank() == root ? "word" : "";
    comm.broadcast(word, root);
    EXPECT_EQ(word, "word");
  });
  if (comm.rank() < root) {
    EXPECT_TRUE(contains(text, cat("in a broadcast (MPI_Bcast) for rank ", root, ":"))) << text;
  }
}

TEST(Waiting, IsSilentWhereOneRankWorksForAll) {
  const Communicator comm(MPI_COMM_WORLD);
  const std::string text = printed(comm, comm.size() - 1, [&] {
    const LongWork work;
    comm.exclusive_sum(1);
  });
  EXPECT_FALSE(contains(text, "Exscan")) << text;
}

TEST(Waiting, SaysTheSameOnce) {
  const Communicator comm(MPI_COMM_WORLD);
  const auto split = [&] { EXPECT_EQ(comm.split(0, 0).size(), comm.size()); };
  const std::string first = printed(comm, comm.size() - 1, split), second = printed(comm, comm.size() - 1, split);
  if (comm.rank() < comm.size() - 1) {
    EXPECT_TRUE(contains(first, "in MPI_Comm_split for ")) << first;
  }
  EXPECT_FALSE(contains(second, "MPI_Comm_split")) << second;
}

TEST(Waiting, RefusesPatienceThatIsNoTime) {
  for (const char* bad : {"soon", "-1", "5s", "nan", "1e99"}) {
    setenv("HALOGRAPH_WAIT_WARNING", bad, 1);
    try {
      wait_patience();
      ADD_FAILURE() << "'" << bad << "' is taken";
    } catch (const Error& error) {
      EXPECT_TRUE(contains(error.what(), cat("HALOGRAPH_WAIT_WARNING='", bad, "'"))) << error.what();
    }
  }
  setenv("HALOGRAPH_WAIT_WARNING", "0", 1);
  EXPECT_EQ(wait_patience(), 0);
  unsetenv("HALOGRAPH_WAIT_WARNING");
  EXPECT_EQ(wait_patience(), 20);
}

}  // namespace
}  // namespace halograph
