// SPDX-License-Identifier: BSD-3-Clause
// A solver that owns MPI, the mesh, the partition and the memory. In every time step a trained network reads its fields
// where they are and writes the closure beside them.
#include <mpi.h>

#include <cstdio>
#include <map>

#include <halograph/halograph.hpp>

#include "grid.hpp"

namespace hg = halograph;

namespace {

/// A rank's own layers, then the layer on either side, which other ranks own.
struct Solver {
  Solver(int rank, int ranks) {
    const Layers mine = layers_of(rank, ranks);
    n_own = (mine.last - mine.first) * per_layer;
    std::map<std::int64_t, std::int32_t> local;
    const auto number_of = [&](std::int64_t node) {
      const auto [entry, is_new] = local.emplace(node, std::int32_t(ids.size()));
      if (is_new) {
        ids.push_back(node);
        const auto x = position_of(node);
        position.insert(position.end(), x.begin(), x.end());
      }
      return entry->second;
    };
    for (std::int64_t node = mine.first * per_layer; node < mine.last * per_layer; ++node) number_of(node);
    for (std::int32_t target = 0; target < n_own; ++target)
      for (const std::int64_t other : neighbours_of(ids[std::size_t(target)])) {
        from.push_back(number_of(other));
        to.push_back(target);
      }
    for (const std::int64_t node : ids) owner.push_back(int(((node / per_layer + 1) * ranks - 1) / layers));
    u.resize(5 * ids.size());
    tau.resize(6 * ids.size());
  }
  void advance(double time) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto flow = flow_at(ids[i], time);
      std::copy(flow.begin(), flow.end(), u.begin() + std::ptrdiff_t(5 * i));
    }
  }

  std::int64_t n_own = 0;
  std::vector<std::int64_t> ids;
  std::vector<int> owner;
  std::vector<std::int32_t> from, to;
  std::vector<double> position, u, tau;
};

void solve(MPI_Comm solver_comm) {
  const hg::Communicator comm(solver_comm);
  Solver s(comm.rank(), comm.size());
  const std::int64_t n_local = std::int64_t(s.ids.size());
  auto graph = hg::from_partition(comm, {.node_id = s.ids,
                                         .owner = s.owner,
                                         .edge_source = s.from,
                                         .edge_target = s.to,
                                         .position = s.position,
                                         .period = {0, 0, length}});
  hg::Inference closure(comm, "closure.h5", graph);  // makes everything here
  for (int step = 0; step < 10; ++step) {
    s.advance(0.1 * step);
    closure(hg::borrow(s.u.data(), {n_local, 5}), hg::borrow(s.tau.data(), {n_local, 6}));  // no tape, no copy of u
  }
  s.tau.resize(std::size_t(6 * s.n_own));
  const std::vector<double> all = comm.gather_v(std::span<const double>(s.tau), 0);
  hg::Digest digest;
  digest.update(all);
  if (comm.rank() == 0) std::printf("digest %s\n", digest.hex().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  solve(MPI_COMM_WORLD);
  MPI_Finalize();
}
