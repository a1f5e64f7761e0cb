// SPDX-License-Identifier: BSD-3-Clause
// Sums and largest values over groups of rows that lie anywhere in the patches, on a device: the graphs of a batch. A
// thread goes down one column of a patch, or of a run of rows, and has the current group in registers. When the next
// row belongs to another one, it changes places with that one's in memory: nobody else touches this column of this
// piece.
#include <kernels/device/column_chains.hpp>
#include <kernels/device/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Adds to sums[piece][group * cols + column], which the caller zeroed.
template <class T>
struct GroupSumChain {
  static constexpr int staged = 1;
  struct State {
    T* place;  ///< of the current group; null before the first
    T sum;
    std::int64_t group;
    T* first;  ///< place of group 0
  };
  Rows<T> x;
  const std::int32_t* group;
  MutableRows<T> sums;
  std::int64_t cols;

  HALOGRAPH_FN void start(State& state, std::int64_t piece, std::int64_t column) const {
    state.place = nullptr;
    state.group = -1;
    state.first = sums[piece] + column;
  }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int) const { *tile = x[row][column]; }
  HALOGRAPH_FN void add(std::int64_t row, const T* tile, int, State& state) const {
    const std::int64_t next = group[row];
    if (next != state.group) {
      if (state.place) *state.place = state.sum;
      state.group = next;
      state.place = state.first + next * cols;
      state.sum = *state.place;
    }
    state.sum = rounded_add(state.sum, *tile);
  }
  HALOGRAPH_FN void finish(State& state, std::int64_t, std::int64_t) const {
    if (state.place) *state.place = state.sum;
  }
};

void group_sums(In x, RowGroups groups, PatchTree tree, Out partials) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    const std::int64_t size = groups.count * x.cols;
    fold_patches_on_device<T>(tree, size, partials, [&](std::int64_t first, std::int64_t count, T* sums) {
      const Out of_patches{sums, x.type, count, size, size};
      table(this_device()).fill(0.0, of_patches);
      launch_chains<T>(GroupSumChain<T>{Rows<T>(x), groups.group, MutableRows<T>(of_patches), x.cols},
                       RowPieces::patches(tree, first, x.rows), count, x.cols);
    });
  });
}

/// Largest rows so far, [pieces, groups * cols], and where they stood, -1: nowhere.
template <class T>
struct GroupBests {
  T* value;
  std::int32_t* where;
  std::int64_t size;
};

template <class T>
struct Best {
  T value;
  std::int32_t where;
  /// The first of equals stays, and the first NaN.
  HALOGRAPH_FN void meet(T candidate, std::int32_t row) {
    if (where >= 0 && !(candidate > value) && !(candidate != candidate && value == value)) return;
    value = candidate;
    where = row;
  }
};

template <class T>
struct NoBests {
  GroupBests<T> bests;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t, Lane<W> at) const {
    for (int i = 0; i < W; ++i) {
      bests.value[at.column + i] = T(-__builtin_inf());
      bests.where[at.column + i] = -1;
    }
  }
};

template <class T>
struct GroupMaxChain {
  static constexpr int staged = 1;
  struct State {
    Best<T> best;
    std::int64_t group, first, place;
  };
  Rows<T> x;
  const std::int32_t* group;
  GroupBests<T> bests;
  std::int64_t cols;

  HALOGRAPH_FN void start(State& state, std::int64_t piece, std::int64_t column) const {
    state.group = -1;
    state.first = piece * bests.size + column;
  }
  HALOGRAPH_FN void stage(std::int64_t row, std::int64_t column, T* tile, int) const { *tile = x[row][column]; }
  HALOGRAPH_FN void add(std::int64_t row, const T* tile, int, State& state) const {
    const std::int64_t next = group[row];
    if (next != state.group) {
      put(state);
      state.group = next;
      state.place = state.first + next * cols;
      state.best = {bests.value[state.place], bests.where[state.place]};
    }
    state.best.meet(*tile, std::int32_t(row));
  }
  HALOGRAPH_FN void finish(State& state, std::int64_t, std::int64_t) const { put(state); }

 private:
  HALOGRAPH_FN void put(const State& state) const {
    if (state.group < 0) return;
    bests.value[state.place] = state.best.value;
    bests.where[state.place] = state.best.where;
  }
};

/// The best of all pieces, which are in the order of rows.
template <class T>
struct CombineBests {
  GroupBests<T> bests;
  std::int64_t pieces, cols;
  MutableRows<T> value;
  std::int32_t* where;
  template <int W>
  HALOGRAPH_FN void operator()(std::int64_t group, Lane<W> at) const {
    for (int i = 0; i < W; ++i) {
      const std::int64_t place = group * cols + at.column + i;
      Best<T> best{bests.value[place], bests.where[place]};
      for (std::int64_t piece = 1; piece < pieces; ++piece) {
        const std::int64_t here = piece * bests.size + place;
        if (bests.where[here] >= 0) best.meet(bests.value[here], bests.where[here]);
      }
      value[group][at.column + i] = best.value;
      where[place] = best.where;
    }
  }
};

/// Runs of rows: long enough that what they leave behind, all groups, is not much more than the rows themselves.
std::int64_t group_runs(std::int64_t rows, std::int64_t groups, std::int64_t bytes) {
  constexpr std::int64_t shortest = 64, most_bytes = std::int64_t(32) << 20;
  std::int64_t runs = rows / shortest;
  if (runs > 4 * rows / groups) runs = 4 * rows / groups;
  if (runs > most_bytes / bytes) runs = most_bytes / bytes;
  return runs > 1 ? runs : 1;
}

void group_max(In x, RowGroups groups, Out value, std::int32_t* where) {
  const std::int64_t size = groups.count * x.cols;
  if (size == 0) return;
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    constexpr std::int64_t bytes = std::int64_t(sizeof(T) + sizeof(std::int32_t));
    const std::int64_t wanted = group_runs(x.rows, groups.count, size * bytes);
    const std::int64_t length = x.rows > wanted ? (x.rows + wanted - 1) / wanted : 1;
    const std::int64_t runs = x.rows > length ? (x.rows + length - 1) / length : 1;
    const Buffer values(runs * size * std::int64_t(sizeof(T)), this_device());
    const Buffer places(runs * size * std::int64_t(sizeof(std::int32_t)), this_device());
    const GroupBests<T> bests{static_cast<T*>(values.data()), static_cast<std::int32_t*>(places.data()), size};
    for_each_row<T>(1, runs * size, NoBests<T>{bests});
    launch_chains<T>(GroupMaxChain<T>{Rows<T>(x), groups.group, bests, x.cols}, RowPieces::equal(length, x.rows), runs,
                     x.cols);
    for_each_row<T>(groups.count, x.cols, CombineBests<T>{bests, runs, x.cols, MutableRows<T>(value), where});
  });
}

}  // namespace

void register_group_sums(Table& table) {
  table.group_sums = group_sums;
  table.group_max = group_max;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
