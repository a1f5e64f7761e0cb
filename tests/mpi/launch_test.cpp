// SPDX-License-Identifier: BSD-3-Clause
#include "mpi/launch.hpp"

#include <gtest/gtest.h>

#include <map>

#include <halograph/core/threads.hpp>

namespace halograph {
namespace {

using Variables = std::map<std::string, std::string>;

Launch launch_of(const Variables& set) {
  return read_launch([&](const char* name) -> const char* {
    const auto found = set.find(name);
    return found == set.end() ? nullptr : found->second.c_str();
  });
}

void expect_launch(const Variables& set, const std::string& variable, int processes, int rank) {
  const Launch launch = launch_of(set);
  EXPECT_EQ(launch.variable, variable);
  EXPECT_EQ(launch.processes, processes);
  EXPECT_EQ(launch.rank, rank);
}

TEST(Launch, KnowsTheLaunchers) {
  expect_launch({{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "2"}}, "OMPI_COMM_WORLD_SIZE", 4, 2);
  expect_launch({{"MV2_COMM_WORLD_SIZE", "3"}, {"MV2_COMM_WORLD_RANK", "0"}}, "MV2_COMM_WORLD_SIZE", 3, 0);
  expect_launch({{"PMI_SIZE", "8"}, {"PMI_RANK", "7"}}, "PMI_SIZE", 8, 7);
  expect_launch({{"FLUX_JOB_SIZE", "2"}, {"FLUX_TASK_RANK", "1"}}, "FLUX_JOB_SIZE", 2, 1);
  expect_launch({{"JSM_NAMESPACE_SIZE", "6"}, {"JSM_NAMESPACE_RANK", "5"}}, "JSM_NAMESPACE_SIZE", 6, 5);
  expect_launch({{"SLURM_JOB_ID", "1"}, {"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_PROCID", "3"}}, "SLURM_STEP_NUM_TASKS",
                4, 3);
  expect_launch({{"SLURM_NTASKS", "4"}}, "SLURM_NTASKS", 4, -1);
}

TEST(Launch, AnAllocationStartsNothing) {
  expect_launch({}, "", 1, -1);
  expect_launch({{"SLURM_JOB_ID", "1"}, {"SLURM_NTASKS", "64"}}, "", 1, -1);                        // salloc's shell
  expect_launch({{"SLURM_JOBID", "1"}, {"SLURM_NTASKS", "64"}, {"SLURM_PROCID", "0"}}, "", 1, -1);  // sbatch's script
  expect_launch({{"SLURM_JOB_ID", "1"}, {"SLURM_NTASKS", "64"}, {"SLURM_STEP_NUM_TASKS", "1"}, {"SLURM_PROCID", "0"}},
                "SLURM_STEP_NUM_TASKS", 1, 0);  // an interactive step
}

TEST(Launch, TheInnermostLauncherCounts) {
  // mpirun -n 1 inside an allocation of four nodes, whose daemons are tasks of a step.
  const Launch launch =
      launch_of({{"OMPI_COMM_WORLD_SIZE", "1"}, {"OMPI_COMM_WORLD_RANK", "0"}, {"SLURM_STEP_NUM_TASKS", "4"}});
  EXPECT_EQ(launch.processes, 1);
  EXPECT_EQ(launch_fault(launch, 1), "");
}

TEST(Launch, NonsenseCountsForNothing) {
  for (const char* odd : {"", "many", "4(x2)", "-3", "99999999999"}) expect_launch({{"PMI_SIZE", odd}}, "", 1, -1);
}

TEST(Launch, FaultNamesVariableNumbersAndLibrary) {
  const std::string alone = launch_fault({"PMI_SIZE", 4, 0}, 1), some = launch_fault({"PMI_SIZE", 4, 0}, 2);
  EXPECT_NE(alone.find("PMI_SIZE says that 4 processes were started, but MPI has each of them alone"),
            std::string::npos)
      << alone;
  EXPECT_NE(some.find("but MPI has only 2 of them together"), std::string::npos) << some;
  for (const std::string& text : {alone, some}) {
    EXPECT_NE(text.find("MPI that this program uses, "), std::string::npos) << text;
    EXPECT_EQ(text.find_first_of("\n\t"), std::string::npos) << text;
  }
  EXPECT_EQ(launch_fault({"PMI_SIZE", 4, 0}, 4), "");
  EXPECT_EQ(launch_fault({"PMI_SIZE", 4, 0}, 6), "");
  EXPECT_EQ(launch_fault({}, 1), "");
}

TEST(Launch, ThereIsACoreToRunOn) { EXPECT_GE(available_cores(), 1); }

}  // namespace
}  // namespace halograph
