// SPDX-License-Identifier: BSD-3-Clause
// What tensors need to know of the row spaces that they name.
#pragma once

#include <cstdint>

namespace halograph {

class RowSpace;

/// Throws UsageError unless a tensor over `space` has `rows` rows on this rank. Defined where row spaces are, in
/// graph/row_space.cpp.
void require_rows_of(const RowSpace& space, std::int64_t rows);

}  // namespace halograph
