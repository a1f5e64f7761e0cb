// SPDX-License-Identifier: BSD-3-Clause
// Reductions and their transposes. Sums over rows of a partitioned tensor run per patch in row
// order and along the tree of patches over all ranks (collective); of a replicated tensor in row
// order. Sums over columns have one fixed order, whatever the vector width.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::ops {

/// [n, c] -> [n, 1]
Tensor sum_columns(const Tensor& x);
/// [n, c] -> replicated [1, c]. Collective if partitioned.
Tensor sum_rows(const Tensor& x);
/// Replicated [1, 1], the sum of all elements. Collective if partitioned.
Tensor sum(const Tensor& x);
/// sum / (global rows * columns). Collective if partitioned.
Tensor mean(const Tensor& x);

/// [n, 1] -> [n, cols], each row repeated.
Tensor repeat_column(const Tensor& x, std::int64_t cols);
/// Replicated [1, c] -> rows of `like`, repeated: `replicate` of the distributed calculus when
/// `like` is partitioned.
Tensor repeat_row(const Tensor& x, const Tensor& like);

/// [n, c] -> replicated [1, c], the largest value of each column over all rows of all ranks, not
/// differentiable. -infinity without rows. Collective if partitioned.
Tensor max_rows(const Tensor& x);

/// Rows of x over all ranks.
std::int64_t global_rows(const Tensor& x);

}  // namespace halograph::ops
