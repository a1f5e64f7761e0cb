// SPDX-License-Identifier: BSD-3-Clause
// Whole networks on whole graphs: a training step (forward, loss, backward, Adam) and an inference of the named cases,
// through the public interface alone.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "tests/benchmarks/flops.hpp"
#include "tests/benchmarks/machine.hpp"
#include "tests/benchmarks/options.hpp"
#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {

/// A training step or an inference.
struct ModeResult {
  Samples samples;
  double seconds = 0;      ///< median of the wall clock, the slowest rank
  double cpu_seconds = 0;  ///< median of the processor time, all ranks together
  Needs needs;
  Bound bound;
  double memory_per_node = 0;  ///< bytes of tensors at the peak, network and optimizer included, graph and fields not
  double exchanges = 0;        ///< halo exchanges and adjoints
  double messages = 0, exchange_bytes = 0;  ///< sent by all ranks in them
  double wait_share = 0;                    ///< of the time, waiting for them: the median of the worst rank
  double system_allocations = 0;            ///< blocks taken from the system a step, the median of the worst rank
};

struct CaseResult {
  std::string name;
  nn::MeshGraphNetOptions net;
  std::array<std::int64_t, 3> elements{};
  double nodes = 0, edges = 0, parameters = 0, setup_seconds = 0, loss = 0;
  /// Growth of the resident memory from before the network to its peak, all ranks. Only where the case is alone:
  /// several cases share what they freed; and not on a device, whose memory this is not.
  std::optional<double> resident_per_node;
  ModeResult training, inference;
};

/// The names that --cases knows.
std::vector<std::string> case_names();

/// All cases in turns, sample by sample. Collective.
std::vector<CaseResult> measure_cases(const Communicator& comm, const Machine& machine, const Options& options);

}  // namespace halograph::bench
