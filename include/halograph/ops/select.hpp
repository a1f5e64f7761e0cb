// SPDX-License-Identifier: BSD-3-Clause
// Differentiable copies between rows and some of them: transposes of each other.
#pragma once

#include <span>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/row_selection.hpp>

namespace halograph::ops {

/// The selected rows of x.
Tensor select_rows(const RowSelection& selection, const Tensor& x);

/// Over all rows: part k at the rows of selection k, 0 elsewhere. No row is in two selections of the same rows.
Tensor place_rows(std::span<const RowSelection> selections, std::span<const Tensor> parts);

}  // namespace halograph::ops
