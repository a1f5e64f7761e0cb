// SPDX-License-Identifier: BSD-3-Clause
// The sum over patches along the fixed binary tree, on a device. The sums of many patches are formed side by side in
// scratch memory; then passes add 16 neighbours each, pair by pair, until one row of each subtree is left. Passes
// begin at multiples of 16 within a subtree, so they do the additions of the tree and no others. Where the
// sums of a subtree's patches are more than the scratch memory may hold, its 16 children come first, one after the
// other.
#pragma once

#include <kernels/device/quads.hpp>
#include <kernels/device/this_device.hpp>
#include <kernels/launch/launch.hpp>
#include <kernels/launch/unroll.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Bytes of sums of patches that exist at a time, unless a single one has more. What is read again while a GPU
/// still has it in its cache, and enough blocks of threads to fill one.
inline constexpr std::int64_t fold_scratch_bytes = std::int64_t(32) << 20;
inline constexpr int fold_radix = 16;

/// Where a sum goes: element [o, i], i < cols, of the sum to o * stride + first + i.
struct SumPlace {
  std::int64_t cols, stride, first;
  static SumPlace whole(std::int64_t size) { return {size, size, 0}; }
  HALOGRAPH_FN bool is_whole() const { return cols == stride; }
};

/// Runs of rows, each to be folded into one: run r is the rows [first[r], first[r + 1]).
struct FoldRuns {
  static constexpr int capacity = 64;
  int count = 0;
  std::int64_t first[capacity + 1] = {};

  void append(std::int64_t rows) {
    first[count + 1] = first[count] + rows;
    ++count;
  }
  std::int64_t rows() const { return first[count]; }
  HALOGRAPH_FN int run_of(std::int64_t row) const {
    int low = 0, high = count;
    while (high - low > 1) {
      const int middle = (low + high) / 2;
      if (first[middle] <= row) low = middle;
      else high = middle;
    }
    return low;
  }
};

/// N adjacent rows, pair by pair.
template <int N, int W, class T>
HALOGRAPH_FN Pack<T, W> fold_all(const T* row, std::int64_t stride) {
  if constexpr (N == 1) return load<W>(row);
  else return fold_all<N / 2, W>(row, stride) + fold_all<N / 2, W>(row + N / 2 * stride, stride);
}

/// The same for the first `n` of N rows, n >= 1: absent ones are skipped.
template <int N, int W, class T>
HALOGRAPH_FN Pack<T, W> fold_present(const T* row, std::int64_t stride, int n) {
  if constexpr (N == 1) {
    return load<W>(row);
  } else {
    const Pack<T, W> left = fold_present<N / 2, W>(row, stride, n);
    return n > N / 2 ? left + fold_present<N / 2, W>(row + N / 2 * stride, stride, n - N / 2) : left;
  }
}

template <class T>
struct FoldPass {
  const T* in;
  T* out;
  std::int64_t size, out_stride;
  SumPlace place;
  FoldRuns from, to;

  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t row, Lane<W> at) const {
    const int run = to.run_of(row);
    const std::int64_t begin = from.first[run] + (row - to.first[run]) * fold_radix;
    const std::int64_t n = from.first[run + 1] - begin;
    const T* leaf = in + begin * size + at.column;
    const Pack<T, W> sum = n >= fold_radix ? fold_all<fold_radix, W>(leaf, size)
                           : n > 0         ? fold_present<fold_radix, W>(leaf, size, int(n))
                                           : Pack<T, W>(T(0));
    T* result = out + row * out_stride;
    if (place.is_whole()) return store(result + at.column, sum);
    T lane[W];
    unpack(lane, sum);
    std::int64_t o = at.column / place.cols, i = at.column - o * place.cols;
    HALOGRAPH_UNROLL
    for (int k = 0; k < W; ++k) {
      result[o * place.stride + place.first + i] = lane[k];
      if (++i == place.cols) i = 0, ++o;
    }
  }
};

/// Folds runs of rows of `in`, each of `size` elements, into row r of `out` for run r; 0 where a run has no rows.
template <class T>
void fold_runs(const FoldRuns& from, const T* in, std::int64_t size, T* out, std::int64_t out_stride,
               const SumPlace& place) {
  FoldRuns to;
  bool last = true;
  for (int r = 0; r < from.count; ++r) {
    const std::int64_t n = from.first[r + 1] - from.first[r];
    to.append(n > fold_radix ? (n + fold_radix - 1) / fold_radix : 1);
    last = last && n <= fold_radix;
  }
  if (last) return for_each_row<T>(to.rows(), size, FoldPass<T>{in, out, size, out_stride, place, from, to});
  const Buffer shorter(to.rows() * size * std::int64_t(sizeof(T)), this_device());
  T* next = static_cast<T*>(shorter.data());
  for_each_row<T>(to.rows(), size, FoldPass<T>{in, next, size, size, SumPlace::whole(size), from, to});
  fold_runs(to, next, size, out, out_stride, place);
}

/// What fold_patches_on_device does, for a range of patches at a time.
template <class T, class LaunchLeaves>
class PatchFold {
 public:
  PatchFold(std::int64_t size, const LaunchLeaves& launch_leaves) : size_(size), launch_leaves_(launch_leaves) {
    while (2 * capacity_ * row_bytes() <= fold_scratch_bytes) capacity_ *= 2;
  }
  /// Patches whose sums fit into scratch memory, a power of two.
  std::int64_t capacity() const { return capacity_; }

  /// Neighbouring subtrees from local patch `first` on, together at most capacity() patches, into rows of `out`.
  void fold_few(std::int64_t first, const FoldRuns& runs, T* out, std::int64_t out_stride,
                const SumPlace& place) const {
    const Buffer sums((runs.rows() > 0 ? runs.rows() : 1) * row_bytes(), this_device());
    T* leaf = static_cast<T*>(sums.data());
    if (runs.rows() > 0) launch_leaves_(first, runs.rows(), leaf);
    fold_runs(runs, leaf, size_, out, out_stride, place);
  }

  /// A subtree of any number of patches.
  void fold_many(std::int64_t first, std::int64_t count, T* out, const SumPlace& place) const {
    FoldRuns run;
    if (count <= capacity_) {
      run.append(count);
      return fold_few(first, run, out, size_, place);
    }
    std::int64_t child = capacity_;
    while (child * fold_radix < count) child *= 2;
    run.append((count + child - 1) / child);
    const Buffer children(run.rows() * row_bytes(), this_device());
    T* sum = static_cast<T*>(children.data());
    for (std::int64_t i = 0; i < run.rows(); ++i) {
      const std::int64_t left = count - i * child;
      fold_many(first + i * child, left < child ? left : child, sum + i * size_, SumPlace::whole(size_));
    }
    fold_runs(run, sum, size_, out, size_, place);
  }

 private:
  std::int64_t row_bytes() const { return size_ * std::int64_t(sizeof(T)); }
  std::int64_t size_, capacity_ = 1;
  const LaunchLeaves& launch_leaves_;
};

/// partials[s] = sum over the patches of subtree s, for every local subtree; the bits are those of the host's
/// fold_patches. launch_leaves(first, count, T* sums) enqueues kernels that write sums[count, size], the sums of the
/// local patches from `first` on, all elements, from 0 and in row order; it is called as often as scratch memory asks
/// for.
template <class T, class LaunchLeaves>
void fold_patches_on_device(const PatchTree& tree, std::int64_t size, const Out& partials,
                            const LaunchLeaves& launch_leaves, const SumPlace& place) {
  if (size <= 0) return;
  const MutableRows<T> out(partials);
  const PatchFold<T, LaunchLeaves> fold(size, launch_leaves);
  FoldRuns runs;  // of neighbouring subtrees, so that small ones are worked on at once
  std::int64_t runs_begin = 0;
  int runs_subtree = 0;
  const auto fold_waiting = [&](int next_subtree) {
    if (runs.count > 0) fold.fold_few(runs_begin, runs, out[runs_subtree], out.stride, place);
    runs = FoldRuns();
    runs_subtree = next_subtree;
  };
  for (int s = 0; s < tree.n_subtrees; ++s) {
    const std::int64_t begin = tree.subtree[s].index << tree.subtree[s].level;
    const std::int64_t all = std::int64_t(1) << tree.subtree[s].level, present = tree.total - begin;
    const std::int64_t count = present < 0 ? 0 : present < all ? present : all, first = begin - tree.first;
    if (count > fold.capacity()) {
      fold_waiting(s + 1);
      fold.fold_many(first, count, out[s], place);
      continue;
    }
    if (runs.count == FoldRuns::capacity || runs.rows() + count > fold.capacity() || runs_begin + runs.rows() != first)
      fold_waiting(s);
    if (runs.count == 0) runs_begin = first;
    runs.append(count);
  }
  fold_waiting(tree.n_subtrees);
}

template <class T, class LaunchLeaves>
void fold_patches_on_device(const PatchTree& tree, std::int64_t size, const Out& partials,
                            const LaunchLeaves& launch_leaves) {
  fold_patches_on_device<T>(tree, size, partials, launch_leaves, SumPlace::whole(size));
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
