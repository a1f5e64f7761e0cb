// SPDX-License-Identifier: BSD-3-Clause
// Runs GoogleTest on all ranks of MPI_COMM_WORLD. Rank 0 prints as usual, the others print only what failed,
// with their rank. A test that fails on one rank fails on all of them. An exception that nobody caught ends
// the job at once, and so does a rank that left a test early while the others wait for it.
#include <gtest/gtest.h>
#include <mpi.h>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

namespace {

using testing::TestInfo;
using testing::TestPartResult;

int world_rank() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

class PrintFailuresWithRank : public testing::EmptyTestEventListener {
  void OnTestPartResult(const TestPartResult& result) override {
    if (result.failed()) {
      std::cerr << "[rank " << world_rank() << "] " << (result.file_name() ? result.file_name() : "?") << ":"
                << result.line_number() << ": " << result.message() << std::endl;
    }
  }
};

class AgreeOnVerdict : public testing::EmptyTestEventListener {
  void OnTestStart(const TestInfo&) override { started_ = std::chrono::steady_clock::now(); }

  void OnTestEnd(const TestInfo& info) override {
    const int mine = info.result()->Failed() ? 1 : 0;
    int worst = 0;
    MPI_Request request;
    MPI_Iallreduce(&mine, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &request);
    wait(request, mine != 0, info);
    if (worst != 0 && mine == 0) {
      ADD_FAILURE() << "failed on another rank";
    }
  }

  // A rank whose assertion returned early may have left the others inside a collective: it gives them as long
  // again as the test took, and some seconds, before it ends the job.
  void wait(MPI_Request& request, bool failed, const TestInfo& info) {
    using std::chrono::steady_clock;
    const auto now = steady_clock::now();
    const auto deadline = now + (now - started_) + std::chrono::seconds(15);
    for (int done = 0;;) {
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      if (done) {
        return;
      }
      if (failed && steady_clock::now() > deadline) {
        std::cerr << "[rank " << world_rank() << "] failed " << info.test_suite_name() << "." << info.name()
                  << " and the other ranks do not come to its end" << std::endl;
        MPI_Abort(MPI_COMM_WORLD, 1);
      }
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }

  std::chrono::steady_clock::time_point started_;
};

int run_all_tests(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  testing::GTEST_FLAG(catch_exceptions) = false;
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  if (world_rank() > 0) {
    delete listeners.Release(listeners.default_result_printer());
    listeners.Append(new PrintFailuresWithRank);
  }
  listeners.Append(new AgreeOnVerdict);
  const int mine = RUN_ALL_TESTS();
  int worst = 0;
  MPI_Allreduce(&mine, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  return worst;
}

}  // namespace

int main(int argc, char** argv) {
  int provided = MPI_THREAD_SINGLE;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  const int verdict = run_all_tests(argc, argv);
  MPI_Finalize();
  return verdict;
}
