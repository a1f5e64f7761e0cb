// SPDX-License-Identifier: BSD-3-Clause
// The instruction sets that this build holds kernels for. One of x86_64/candidates.cpp and
// generic/candidates.cpp is built.
#pragma once

#include <string_view>
#include <vector>

#include <kernels/kernels.hpp>
#include <kernels/search.hpp>

namespace halograph::kernels {

struct HostKernels {
  std::string_view name;
  bool runs_here = false;
  void (*fill)(Table&) = nullptr;
  void (*fill_search)(SearchTable&) = nullptr;
};

/// From the least to the most capable.
std::vector<HostKernels> host_candidates();

}  // namespace halograph::kernels
