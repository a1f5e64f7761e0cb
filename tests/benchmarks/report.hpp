// SPDX-License-Identifier: BSD-3-Clause
// What was measured, as tables for people and as JSON for programs. Rank 0 alone prints and writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/benchmarks/cases.hpp"
#include "tests/benchmarks/kernels.hpp"
#include "tests/benchmarks/layers.hpp"

namespace halograph::bench {

struct Report {
  Options options;
  Machine machine;
  std::vector<KernelResult> kernels;
  std::vector<CaseResult> cases;
  std::vector<LayerResult> layers;
};

/// Not collective.
void print(const Communicator& comm, const Report& report);

/// Throws FileError naming the path. Not collective.
void write_json(const std::string& path, const Report& report);

}  // namespace halograph::bench
