// SPDX-License-Identifier: BSD-3-Clause
// Selects rows of a row space, in their order, as a row space of their own: the nodes of one degree, the nodes that
// a loss is taken over. Sums over them run per patch and along the tree of patches like any other.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/graph/dist/index.hpp>
#include <halograph/graph/dist/row_space.hpp>

namespace halograph {

/// A handle: copies share everything.
class RowSelection {
 public:
  /// `rows`: local rows of `from` in ascending order, each once; otherwise a UsageError on all ranks. Collective.
  RowSelection(RowSpacePtr from, const std::vector<std::int32_t>& rows, Device device = Device::preferred());

  const RowSpacePtr& from() const { return from_; }
  const RowSpacePtr& rows() const { return rows_; }
  /// [local rows of rows()] where each stands in from().
  const Index& row() const { return row_; }

 private:
  RowSpacePtr from_, rows_;
  Index row_;
};

}  // namespace halograph
