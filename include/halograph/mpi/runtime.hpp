// SPDX-License-Identifier: BSD-3-Clause
// Keeps MPI up for the length of a program. A Runtime initializes MPI and sees to it that a rank that dies takes the
// job down: an exception that nobody catches ends all ranks with a message, and a Runtime destroyed by an exception
// on its way up aborts instead of waiting in MPI_Finalize for ranks that will not come. The ranks of a machine take
// its GPUs in turn. It warns if the launch is not what it seems: processes that do not see each other, threads that
// share a core. If MPI is up already, it belongs to somebody else and the Runtime does none of this.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/core/scope.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/mpi/log.hpp>

namespace halograph {

class Runtime {
 public:
  /// Collective over MPI_COMM_WORLD. One in a program.
  Runtime(int& argc, char**& argv);
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// All ranks of the launch.
  const Communicator& comm() const { return comm_; }
  bool is_root() const { return comm_.rank() == 0; }

  /// Argument k of the command line; 0 is the program. Throws UsageError if there is none.
  const std::string& arg(std::size_t k) const;
  /// The root of a model's names, on the preferred device. Initial values follow from the seed.
  Scope scope(std::uint64_t seed = 0, DType dtype = DType::f32) const { return Scope(Random(seed), dtype); }
  /// Prints the parts as one line on rank 0, numbers with seven significant digits. Not collective.
  template <class... Parts>
  void log(const Parts&... parts) const {
    halograph::log(comm_, parts...);
  }

  /// Throws Error on all ranks, naming the variable, if one of the environment's HALOGRAPH_... has no meaning on one of
  /// them. Without this call the first use throws, on the rank that comes there. Collective.
  void check_environment() const;

  /// Ends the program's work: `error` is this rank's failure, empty if it succeeded. If every rank comes
  /// here, the message of the lowest failing rank is printed once, on standard error. A failing rank that
  /// the others do not follow within some seconds prints its own and aborts the job. Returns the exit code,
  /// 0 or 1, the same on all ranks. Collective.
  int conclude(const std::string& error) const;

 private:
  bool owner_ = false;
  int exceptions_at_start_ = 0;
  Communicator comm_;
  std::vector<std::string> arguments_;
};

}  // namespace halograph
