// SPDX-License-Identifier: BSD-3-Clause
// Kernels over edges while the halo of their sources is under way: edges that need no other rank first.
#pragma once

#include <halograph/graph/dist/graph.hpp>
#include <kernels/kernels.hpp>

namespace halograph::ops {

/// A view of ghosts that may still be under way: the rows must not be read before complete().
inline kernels::In unfinished(const Tensor& ghosts) {
  return {ghosts.raw_data(), ghosts.dtype(), ghosts.rows(), ghosts.cols(), ghosts.stride()};
}

/// Runs `kernel` on the interior edges, completes the ghosts, and runs it on the others.
template <class Task>
void run_on_edges(const Graph& graph, const Tensor& ghosts, const kernels::Kernel<void(const Task&)>& kernel,
                  Task task) {
  const auto run = [&](const Index& blocks) {
    if (blocks.size() == 0) return;
    task.blocks = blocks.data();
    task.n_blocks = blocks.size() / 2;
    kernel(task);
  };
  run(graph.interior_blocks());
  ghosts.complete();
  run(graph.boundary_blocks());
}

}  // namespace halograph::ops
