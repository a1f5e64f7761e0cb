// SPDX-License-Identifier: BSD-3-Clause
#include "mpi/launch.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include <halograph/core/threads.hpp>
#include <halograph/mpi/log.hpp>

namespace halograph {
namespace {

struct Variables {
  const char *processes, *rank;
};

/// The innermost launcher comes first: mpirun inside a step of Slurm inherits that step's variables.
constexpr std::array<Variables, 6> launchers{{{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                              {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
                                              {"PMI_SIZE", "PMI_RANK"},
                                              {"FLUX_JOB_SIZE", "FLUX_TASK_RANK"},
                                              {"JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_RANK"},
                                              {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID"}}};

int number(const char* text, int otherwise) {
  if (!text || !*text) return otherwise;
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  return *end == 0 && value >= 0 && value < 1 << 30 ? int(value) : otherwise;
}

/// "Open MPI v4.1.4" or "MPICH Version: 4.1", without the lines about how it was built.
std::string mpi_library() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  check_mpi(MPI_Get_library_version(text, &length), "MPI_Get_library_version");
  std::string name(text, std::size_t(length));
  name.resize(std::min(name.find_first_of(",\n"), name.size()));
  std::replace(name.begin(), name.end(), '\t', ' ');
  return name;
}

/// What all ranks shall know of `mine`: the text of the lowest rank that has one.
std::string agreed(const Communicator& comm, std::string mine) {
  const int first = comm.min(mine.empty() ? comm.size() : comm.rank());
  if (first == comm.size()) return {};
  comm.broadcast(mine, first);
  return mine;
}

const char* cores_text(int cores) { return cores == 1 ? " core" : " cores"; }

std::string shared_by_threads(const Communicator& comm) {
  const int cores = available_cores();
  if (threads() <= cores) return {};
  const bool bound = cores < sysconf(_SC_NPROCESSORS_ONLN);
  return cat("the ", threads(), " threads of rank ", comm.rank(), " share ", cores, cores_text(cores),
             bound
                 ? cat(", to which the launcher binds it: give it more with mpirun --bind-to none or --map-by slot:PE=",
                       threads(), " (Open MPI), srun --cpus-per-task=", threads(), " (Slurm)")
                 : ", all that are here: more threads than cores slow each other down");
}

}  // namespace

Launch read_launch(const std::function<const char*(const char*)>& environment) {
  for (const Variables& names : launchers)
    if (const int processes = number(environment(names.processes), 0); processes > 0)
      return {names.processes, processes, number(environment(names.rank), -1)};
  // In a shell that Slurm has opened for an allocation SLURM_NTASKS is a plan, and there is a job.
  if (environment("SLURM_JOB_ID") || environment("SLURM_JOBID")) return {};
  if (const int processes = number(environment("SLURM_NTASKS"), 0); processes > 0)
    return {"SLURM_NTASKS", processes, number(environment("SLURM_PROCID"), -1)};
  return {};
}

std::string launch_fault(const Launch& launch, int ranks) {
  if (launch.processes <= ranks) return {};
  return cat(launch.variable, " says that ", launch.processes, " processes were started, but MPI has ",
             ranks == 1 ? "each of them alone: they repeat the same work and overwrite each other's files"
                        : cat("only ", ranks, " of them together"),
             "; start them with the launcher of the MPI that this program uses, ", mpi_library(),
             " (under Slurm with the --mpi that it knows, see srun --mpi=list)");
}

void warn_of_shared_cores(const Communicator& comm) {
  std::string mine;
  int sharing = 0;
  try {
    mine = shared_by_threads(comm);
    sharing = threads();
  } catch (const Error&) {
    // A bad HALOGRAPH_THREADS is reported where threads are used.
  }
  const std::string text = agreed(comm, mine);
  if (!text.empty()) return warn(comm, text);
  if (comm.max(sharing) < 2) return;
  MPI_Comm raw = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(comm.raw(), MPI_COMM_TYPE_SHARED, comm.rank(), MPI_INFO_NULL, &raw),
            "MPI_Comm_split_type");
  const Communicator machine(raw);
  check_mpi(MPI_Comm_free(&raw), "MPI_Comm_free");
  const int all = machine.sum(sharing), cores = int(sysconf(_SC_NPROCESSORS_ONLN));
  mine = all > cores ? cat("the ", machine.size(), " ranks on the machine of rank ", comm.rank(), " have ", all,
                           " threads for ", cores, cores_text(cores), ": they slow each other down")
                     : std::string();
  if (const std::string crowd = agreed(comm, mine); !crowd.empty()) warn(comm, crowd);
}

}  // namespace halograph
