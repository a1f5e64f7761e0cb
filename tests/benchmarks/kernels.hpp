// SPDX-License-Identifier: BSD-3-Clause
// Single operations as users call them: the three dense products of a layer on thin shapes, layer norm, what moves
// values between nodes and edges, whole multi-layer perceptrons on rows and on edges, the optimizer and the search of
// neighbours. On a GPU there are so many rows that no operand fits its cache.
#pragma once

#include <string>
#include <vector>

#include "tests/benchmarks/machine.hpp"
#include "tests/benchmarks/options.hpp"

namespace halograph::bench {

struct KernelResult {
  std::string name, shape;
  double rows = 0, seconds = 0, cpu_seconds = 0;
  double flops = 0;  ///< of dense products; 0 for other operations
  double bytes = 0;  ///< inputs read once, outputs written once
  Bound bound;       ///< rows that fit a cache can beat the memory part
};

/// Collective.
std::vector<KernelResult> measure_kernels(const Communicator& comm, const Machine& machine, const Options& options);

}  // namespace halograph::bench
