// SPDX-License-Identifier: BSD-3-Clause
// Rows of nodes and of ghosts under one numbering.
#pragma once

#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Row r of two matrices one below the other.
template <class T>
struct JoinedRows {
  Rows<T> rows, more;
  std::int64_t count;
  JoinedRows(const In& first, const In& second) : rows(first), more(second), count(first.rows) {}
  HALOGRAPH_FN const T* operator[](std::int64_t row) const { return row < count ? rows[row] : more[row - count]; }
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
