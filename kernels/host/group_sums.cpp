// SPDX-License-Identifier: BSD-3-Clause
// Sums and largest values over groups of rows that lie anywhere in the patches: the graphs of a batch.
#include <kernels/host/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

void group_sums(In x, RowGroups groups, PatchTree tree, Out partials) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    const Rows<T> in(x);
    fold_patches<T>(tree, groups.count * x.cols, partials, [&](std::int64_t patch, T* sum) {
      for (std::int64_t row = tree.offset[patch]; row < tree.offset[patch + 1]; ++row)
        add_into(sum + groups.group[row] * x.cols, in[row], x.cols);
    });
  });
}

void group_max(In x, RowGroups groups, Out value, std::int32_t* where) {
  switch_type(x.type, [&](auto t) {
    using T = decltype(t);
    const Rows<T> in(x);
    const MutableRows<T> out(value);
    for (std::int64_t g = 0; g < groups.count; ++g)
      for (std::int64_t c = 0; c < x.cols; ++c) {
        out[g][c] = T(-__builtin_inf());
        where[g * x.cols + c] = -1;
      }
    for (std::int64_t row = 0; row < x.rows; ++row) {
      const std::int64_t g = groups.group[row];
      for (std::int64_t c = 0; c < x.cols; ++c) {
        const T candidate = in[row][c], best = out[g][c];  // read in any case: masked reads would leave lanes undefined
        const bool better = candidate > best || (candidate != candidate && best == best);
        if (where[g * x.cols + c] >= 0 && !better) continue;
        out[g][c] = candidate;
        where[g * x.cols + c] = std::int32_t(row);
      }
    }
  });
}

}  // namespace

void register_group_sums(Table& table) {
  table.group_sums = group_sums;
  table.group_max = group_max;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
