// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/mpi/runtime.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <thread>

#include <halograph/core/device.hpp>
#include <halograph/core/precision.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/mpi/log.hpp>

#include "mpi/device_aware.hpp"
#include "mpi/launch.hpp"
#include "mpi/waiting.hpp"

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

/// Initializes MPI unless it is up; says whether it did.
bool initialize(int& argc, char**& argv) {
  int initialized = 0, ranks = 0, provided = MPI_THREAD_SINGLE;
  MPI_Initialized(&initialized);
  if (initialized) return false;
  const Launch launch = read_launch(std::getenv);  // before MPI sets variables of its own
  check_mpi(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
  check_mpi(MPI_Comm_size(MPI_COMM_WORLD, &ranks), "MPI_Comm_size");
  const std::string fault = launch_fault(launch, ranks);
  if (!fault.empty() && launch.rank <= 0) warn(Communicator(MPI_COMM_WORLD), fault);
  return true;
}

/// The number of this rank among those of its machine.
int rank_on_machine() {
  MPI_Comm machine = MPI_COMM_NULL;
  int rank = 0;
  check_mpi(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine),
            "MPI_Comm_split_type");
  check_mpi(MPI_Comm_rank(machine, &rank), "MPI_Comm_rank");
  check_mpi(MPI_Comm_free(&machine), "MPI_Comm_free");
  return rank;
}

}  // namespace

Runtime::Runtime(int& argc, char**& argv)
    : owner_(initialize(argc, argv)),
      exceptions_at_start_(std::uncaught_exceptions()),
      comm_(MPI_COMM_WORLD),
      arguments_(argv, argv + argc) {
  if (!owner_) return;
  std::set_terminate(terminate_job);
  set_local_rank(rank_on_machine());
  warn_of_shared_cores(comm_);
}

const std::string& Runtime::arg(std::size_t k) const {
  require(k < arguments_.size(), arguments_.empty() ? "the program" : arguments_[0], ": argument ", k, " is missing");
  return arguments_[k];
}

Runtime::~Runtime() {
  if (owner_ && std::uncaught_exceptions() > exceptions_at_start_) abort_job("left by an exception");
  if (!owner_) return;
  const Waiting waiting(comm_, "MPI_Finalize");
  comm_ = Communicator();
  MPI_Finalize();
}

void Runtime::check_environment() const {
  on_all_ranks(comm_, [] {
    threads();
    product_mode();
    Device::preferred();
    instruction_set();
    mpi_reaches(Device::cuda());
  });
}

int Runtime::conclude(const std::string& error) const {
  const int mine = error.empty() ? comm_.size() : comm_.rank();
  int lowest = 0;
  MPI_Request request = MPI_REQUEST_NULL;
  check_mpi(MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, comm_.raw(), &request), "MPI_Iallreduce");
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const Waiting waiting(comm_, "the end of the program");
  for (int done = 0; !done;) {
    check_mpi(MPI_Test(&request, &done, MPI_STATUS_IGNORE), "MPI_Test");
    if (done) break;
    if (!error.empty() && std::chrono::steady_clock::now() > deadline) abort_job(error);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  if (lowest == comm_.size()) return 0;
  std::cout.flush();
  if (comm_.rank() == lowest) std::cerr << cat("halograph: error: ", error, "\n") << std::flush;
  return 1;
}

}  // namespace halograph
