// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/digests/same_bits.hpp"

#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>

#include "tests/support/digests/training_cases.hpp"
#include "tests/support/on_device.hpp"

namespace halograph::testing {
namespace {

train::Case make(const Communicator& comm, const Problem& problem, train::Config& config) {
  config.input = problem.input;
  config.target = problem.target;
  GraphSlab slab = problem.slab(comm);
  partition(comm, slab, problem.partitioner);
  return train::make_case(comm, config, std::move(slab));
}

}  // namespace

std::string digest_of(const Communicator& comm, const Problem& problem, train::Config config, Execution execution) {
  const int threads_before = threads();
  set_threads(execution.threads);
  set_overlap(execution.overlap);
  const train::Case data = make(comm, problem, config);
  train::MeshTraining trainer(data, config);
  trainer.run();
  set_overlap(true);
  set_threads(threads_before);
  return trainer.digest();
}

std::string digest_with_restart(const Communicator& comm, int before, std::int64_t first, const std::string& path,
                                const Problem& problem, train::Config config) {
  const Communicator part = comm.split(comm.rank() < before ? 0 : -1, comm.rank());
  if (comm.rank() < before) {
    const train::Case data = make(part, problem, config);
    train::MeshTraining trainer(data, config);
    while (trainer.steps_done() < first) trainer.step();
    trainer.save(path);
  }
  comm.barrier();
  const train::Case data = make(comm, problem, config);
  train::MeshTraining trainer(data, config);
  trainer.load(path);
  trainer.run();
  return trainer.digest();
}

std::string digest_on_one_rank(const Communicator& comm, const Problem& problem, const train::Config& config) {
  std::string digest;
  const OnDevice host(Device::host());
  if (comm.rank() == 0) digest = digest_of(Communicator(MPI_COMM_SELF), problem, config, {});
  comm.broadcast(digest, 0);
  return digest;
}

Problem box(std::int64_t elements, int order, Partitioner partitioner) {
  return {[=](const Communicator& comm) { return box_problem(comm, elements, order); },
          std::move(partitioner),
          {"velocity"},
          {"pressure"}};
}

Problem airfoil(Partitioner partitioner) {
  return {
      airfoil_problem, std::move(partitioner), {"Conservative_1", "Conservative_2", "Conservative_3"}, {"Pressure"}};
}

Problem random_digraph() { return {random_problem, given(), {"in"}, {"out"}}; }

}  // namespace halograph::testing
