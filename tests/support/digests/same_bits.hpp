// SPDX-License-Identifier: BSD-3-Clause
// The promise, put to the test: a training run has one digest, whatever it runs on.
#pragma once

#include <functional>
#include <string>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/train/mesh_training.hpp>

namespace halograph::testing {

struct Problem {
  std::function<GraphSlab(const Communicator&)> slab;
  Partitioner partitioner;
  std::vector<std::string> input, target;
};

/// How a run is carried out; none of it may show in the digest.
struct Execution {
  int threads = 1;
  bool overlap = true;
};

/// Trains on `comm` and returns the digest. Collective.
std::string digest_of(const Communicator& comm, const Problem& problem, train::Config config, Execution execution);

/// The same with an interruption: `first` steps on the lowest `before` ranks, a checkpoint in `path`, the rest on all.
/// Collective over `comm`.
std::string digest_with_restart(const Communicator& comm, int before, std::int64_t first, const std::string& path,
                                const Problem& problem, train::Config config);

/// The digest on rank 0 alone on the host, told to all. Collective.
std::string digest_on_one_rank(const Communicator& comm, const Problem& problem, const train::Config& config);

Problem box(std::int64_t elements, int order, Partitioner partitioner);
Problem airfoil(Partitioner partitioner);
Problem random_digraph();

}  // namespace halograph::testing
