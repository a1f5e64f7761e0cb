// SPDX-License-Identifier: BSD-3-Clause
// The patch of each local row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <halograph/graph/dist/row_space.hpp>

namespace halograph {

inline std::vector<std::int32_t> patch_of_rows(const RowSpace& rows) {
  std::vector<std::int32_t> patch(std::size_t(rows.local_rows()));
  for (std::int64_t p = 0; p < rows.n_local_patches(); ++p)
    std::fill(patch.begin() + rows.offset()[std::size_t(p)], patch.begin() + rows.offset()[std::size_t(p + 1)],
              std::int32_t(rows.first_patch() + p));
  return patch;
}

}  // namespace halograph
