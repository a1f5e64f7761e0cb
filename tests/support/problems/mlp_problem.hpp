// SPDX-License-Identifier: BSD-3-Clause
// Networks for the kernels of the table, on any device: random rows, parameters and, for those on edges, patches with
// nodes of no and of very many edges. The same numbers on every device, so results can be compared bit by bit.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <kernels/kernels.hpp>

namespace halograph::testing {

struct MlpProblem {
  std::vector<std::int64_t> inputs;  ///< columns of each
  std::vector<std::int64_t> widths;  ///< of each layer's result
  kernels::Unary activation = kernels::Unary::elu;
  bool activate_last = false;
  unsigned biases = ~0u;  ///< bit k: layer k has a bias
  int norm = 0;           ///< 1: without weights, 2: with them
  bool scale = false;
  int residual = -1;
  bool start = false, sum = false;  ///< a gathered start; a sum into targets
  bool listed = false;              ///< rows as a list of ranges, some left out
  std::int64_t rows = 300;          ///< about so many if there are targets
  std::int64_t gap = 0;             ///< unused columns behind each row of inputs
  std::int64_t most_edges = 9;      ///< of a node
  bool sparse = false;              ///< zeros of either sign and ones, most of them zeros
  bool infinite = false;            ///< some inputs are
  // Of the gradient.
  bool parameters = true, inputs_wanted = true, target_wanted = true, sources_wanted = true, dy = true,
       in_place = false;

  std::string describe() const;
};

/// Rows by target, sources and patches; host memory.
struct MlpTopology {
  std::vector<std::int32_t> target, source, target_offset, source_offset, source_edge, ranges;
  std::vector<std::int64_t> node_patch, ghost_patch, row_patch;
  std::vector<kernels::Subtree> subtrees;
  std::int64_t first_patch = 1, total_patches = 0;
  std::int64_t rows() const { return std::int64_t(target.size()); }
  std::int64_t nodes() const { return node_patch.back(); }
  std::int64_t ghosts() const { return ghost_patch.back(); }
  std::int64_t patches() const { return std::int64_t(node_patch.size()) - 1; }
};
MlpTopology mlp_topology(const MlpProblem& problem);

/// All that the forward kernel and that of gradients write on a device, gaps between rows included.
template <class T>
std::vector<std::vector<T>> mlp_results(const MlpProblem& problem, Device device);
template <class T>
std::vector<std::vector<T>> mlp_gradient_results(const MlpProblem& problem, Device device);

}  // namespace halograph::testing
