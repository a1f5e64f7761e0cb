// SPDX-License-Identifier: BSD-3-Clause
// Everything that sums over rows, on a device: per patch in row order, patches along the tree.
#include <kernels/device/outer.hpp>
#include <kernels/device/patch_fold.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

template <class T>
void weight_gradient_as(const WeightGradientTask& task) {
  const std::int64_t ins = task.x.cols, outs = task.dy.cols, size = ins * outs;
  fold_patches_on_device<T>(
      task.tree, size, task.partials,
      [&](std::int64_t first, std::int64_t count, T* sums) {
        const RowPieces rows = RowPieces::patches(task.tree, first, task.x.rows);
        launch_outer(OuterProduct<T>{Rows<T>(task.x), Rows<T>(task.dy), ins, outs, rows, count, sums, size, ins});
      },
      SumPlace{ins, task.weight_cols, task.first_col});
}

void weight_gradient(const WeightGradientTask& task) {
  switch_type(task.x.type, [&](auto t) { weight_gradient_as<decltype(t)>(task); });
}

}  // namespace

void register_row_sums(Table& table) { table.weight_gradient = weight_gradient; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
