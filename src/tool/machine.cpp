// SPDX-License-Identifier: BSD-3-Clause
#include "tool/machine.hpp"

#include <algorithm>
#include <ctime>
#include <limits>
#include <utility>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/train/mesh_training.hpp>

namespace halograph::tool {
namespace {

constexpr int tag = 1;

/// The shortest of several means over `trips` one-way trips of `bytes`.
double one_way(const Communicator& comm, int bytes, int trips) {
  constexpr int rounds = 10;
  std::vector<char> message(std::size_t(bytes), 0);
  const int other = 1 - comm.rank();
  double shortest = std::numeric_limits<double>::infinity();
  for (int round = 0; round < rounds; ++round) {
    const double begin = MPI_Wtime();
    for (int trip = 0; trip < trips; ++trip)
      for (const int sender : {0, 1}) {
        if (comm.rank() == sender)
          check_mpi(MPI_Send(message.data(), bytes, MPI_BYTE, other, tag, comm.raw()), "MPI_Send");
        else
          check_mpi(MPI_Recv(message.data(), bytes, MPI_BYTE, other, tag, comm.raw(), MPI_STATUS_IGNORE), "MPI_Recv");
      }
    shortest = std::min(shortest, (MPI_Wtime() - begin) / (2 * trips));
  }
  return shortest;
}

/// Of one thread the processor time, which other programs on the core do not add to; of several the time that passes.
template <class Body>
double seconds_of(const Body& body) {
  const std::clock_t processor = std::clock();
  const double begin = MPI_Wtime();
  body();
  return threads() > 1 ? MPI_Wtime() - begin : double(std::clock() - processor) / CLOCKS_PER_SEC;
}

}  // namespace

std::optional<Link> measure_link(const Communicator& comm) {
  if (comm.size() == 1) return {};
  constexpr int short_bytes = 8, long_bytes = 1 << 20;
  Link link;
  comm.barrier();
  if (comm.rank() < 2) {
    link.latency = one_way(comm, short_bytes, 100);
    link.bandwidth = long_bytes / std::max(one_way(comm, long_bytes, 5) - link.latency, 1e-9);
  }
  return Link{comm.max(link.latency), comm.max(link.bandwidth)};
}

StepSample measure_steps(const Communicator& comm, const train::Config& config, std::int64_t elements, int order,
                         int steps) {
  const Communicator self;
  StepSample sample;
  comm.barrier();
  on_all_ranks(comm, [&] {
    const std::int64_t bytes_before = memory_use().live;
    GraphSlab slab = spectral_box({.elements = {elements, elements, elements}, .order = order}, 0, 1);
    add_taylor_green(slab, std::vector<double>{0});
    partition(self, slab, coordinate_bisection());
    const train::Case data = train::make_case(self, config, std::move(slab));
    train::MeshTraining trainer(data, config);
    sample.nodes = data.graph().n_nodes();
    for (const NamedTensor& p : trainer.net().state()) sample.parameters += p.value.rows() * p.value.cols();
    for (int warm_up = 0; warm_up < 2; ++warm_up) trainer.step();
    data.graph().exchange()->reset_traffic();
    data.graph().nodes()->tree()->reset_traffic();
    reset_memory_peak();
    sample.seconds = std::numeric_limits<double>::infinity();
    for (int step = 0; step < steps; ++step)
      sample.seconds = std::min(sample.seconds, seconds_of([&] { trainer.step(); }));
    sample.bytes = double(memory_use().peak - bytes_before);
    sample.exchanges = data.graph().exchange()->traffic().exchanges / steps;
    sample.sums = data.graph().nodes()->tree()->traffic().sums / steps;
  });
  release_cached_memory();
  sample.seconds = comm.max(sample.seconds);
  return sample;
}

}  // namespace halograph::tool
