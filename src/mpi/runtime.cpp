// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/runtime.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <thread>

#include <halograph/core/device.hpp>

namespace halograph {
namespace {

constexpr std::chrono::seconds patience{5};

[[noreturn]] void abort_job(const std::string& message) {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  std::fprintf(stderr, "halograph: rank %d: %s\n", rank, message.c_str());
  std::fflush(nullptr);
  MPI_Abort(MPI_COMM_WORLD, 1);
  std::_Exit(1);
}

[[noreturn]] void terminate_job() {
  std::string message = "terminated";
  if (const std::exception_ptr current = std::current_exception()) {
    try {
      std::rethrow_exception(current);
    } catch (const std::exception& error) {
      message = error.what();
    } catch (...) {
      message = "unknown exception";
    }
  }
  abort_job(message);
}

bool initialize(int& argc, char**& argv) {
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized) return false;
  int provided = MPI_THREAD_SINGLE;
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  return true;
}

/// The number of this rank among those of its machine.
int rank_on_machine() {
  MPI_Comm machine = MPI_COMM_NULL;
  int rank = 0;
  check_mpi(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine), "MPI_Comm_split_type");
  check_mpi(MPI_Comm_rank(machine, &rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_free(&machine), "MPI_Comm_free");
  return rank;
}

}  // namespace

Runtime::Runtime(int& argc, char**& argv)
    : owner_(initialize(argc, argv)), exceptions_at_start_(std::uncaught_exceptions()), comm_(MPI_COMM_WORLD) {
  if (!owner_) return;
  std::set_terminate(terminate_job);
  set_local_rank(rank_on_machine());
}

Runtime::~Runtime() {
  if (owner_ && std::uncaught_exceptions() > exceptions_at_start_) abort_job("left by an exception");
  comm_ = Communicator();
  if (owner_) MPI_Finalize();
}

int Runtime::conclude(const std::string& error) const {
  const int mine = error.empty() ? comm_.size() : comm_.rank();
  int lowest = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, comm_.raw(), &request), "MPI_Iallreduce");
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (int done = 0; !done;) {
    check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    if (done) break;
    if (!error.empty() && std::chrono::steady_clock::now() > deadline) abort_job(error);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  if (lowest == comm_.size()) return 0;
  std::cout.flush();
  if (comm_.rank() == lowest) std::cerr << "halograph: error: " << error << std::endl;
  return 1;
}

}  // namespace halograph
