// SPDX-License-Identifier: BSD-3-Clause
// The sum over patches along one fixed binary tree. A leaf forms the partial sum of a patch; the
// partials of patches [0,1], [2,3], ... are added, then those of pairs, and so on. Each local
// subtree is cut into chunks, themselves subtrees, which threads work on; within a chunk a binary
// counter of at most log2(patches) buffers walks the leaves. Which thread and which rank did what
// does not show in the result.
#pragma once

#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T>
void add_into(T* left, const T* right, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) left[i] = left[i] + right[i];
}

/// Leaves [begin, end) of the chunk at `begin` (a multiple of the chunk's size), folded into out.
/// leaf(patch, T* sum) adds the rows of a patch to a zeroed sum.
template <class T, class Leaf>
void fold_chunk(std::int64_t begin, std::int64_t end, std::int64_t size, T* out, const Leaf& leaf) {
  int depth = 1;
  for (std::int64_t n = end - begin; n > 0; n >>= 1) ++depth;
  constexpr int fold_slot = 2;
  T* stack = static_cast<T*>(scratch(depth * size * std::int64_t(sizeof(T)), fold_slot));
  int height = 0;
  for (std::int64_t patch = begin; patch < end; ++patch) {
    T* top = stack + height * size;
    for (std::int64_t i = 0; i < size; ++i) top[i] = T(0);
    leaf(patch, top);
    ++height;
    for (std::int64_t done = patch - begin + 1; (done & 1) == 0; done >>= 1) {
      --height;
      add_into(stack + (height - 1) * size, stack + height * size, size);
    }
  }
  for (; height > 1; --height) add_into(stack + (height - 2) * size, stack + (height - 1) * size, size);
  for (std::int64_t i = 0; i < size; ++i) out[i] = height == 1 ? stack[i] : T(0);
}

/// partials[s] = sum over the patches of subtree s, for every local subtree.
template <class T, class Leaf>
void fold_patches(const PatchTree& tree, std::int64_t size, const Out& partials, const Leaf& leaf) {
  constexpr int chunks_log2 = 5;
  constexpr int result_slot = 3;
  const MutableRows<T> out(partials);
  for (int s = 0; s < tree.n_subtrees; ++s) {
    const Subtree& subtree = tree.subtree[s];
    const std::int64_t begin = subtree.index << subtree.level;
    const std::int64_t all = begin + (std::int64_t(1) << subtree.level);
    const std::int64_t end = all < tree.total ? all : tree.total;
    const int chunk_level = subtree.level > chunks_log2 ? subtree.level - chunks_log2 : 0;
    const std::int64_t chunk = std::int64_t(1) << chunk_level, n_chunks = (end - begin + chunk - 1) / chunk;
    T* results = static_cast<T*>(scratch(n_chunks * size * std::int64_t(sizeof(T)), result_slot));
    for_each_task(n_chunks, [&](std::int64_t i) {
      const std::int64_t first = begin + i * chunk, last = first + chunk < end ? first + chunk : end;
      fold_chunk<T>(first, last, size, results + i * size,
                    [&](std::int64_t patch, T* sum) { leaf(patch - tree.first, sum); });
    });
    // The chunks are the leaves of the upper part of the same tree.
    fold_chunk<T>(0, n_chunks, size, out[s], [&](std::int64_t i, T* sum) {
      for (std::int64_t j = 0; j < size; ++j) sum[j] = results[i * size + j];
    });
  }
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
