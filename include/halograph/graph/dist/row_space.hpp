// SPDX-License-Identifier: BSD-3-Clause
// Describes the rows of partitioned tensors: which patches live on this rank and where their rows start. Two tensors
// can meet in an operation only if they share one RowSpace (the nodes of a graph, its edges, its ghosts).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/graph/dist/tree_sum.hpp>

namespace halograph {

class RowSpace {
 public:
  /// `offset` has one entry per local patch and one more: the local row where each patch starts.
  /// Collective (counts the rows).
  RowSpace(std::string name, std::shared_ptr<const TreeSum> tree, std::vector<std::int64_t> offset);

  /// "nodes", "edges", "ghosts": for messages.
  const std::string& name() const { return name_; }
  const Communicator& comm() const { return tree_->comm(); }
  const std::shared_ptr<const TreeSum>& tree() const { return tree_; }
  /// First local patch; the local ones are contiguous.
  std::int64_t first_patch() const;
  std::int64_t n_local_patches() const { return std::int64_t(offset_.size()) - 1; }
  const std::vector<std::int64_t>& offset() const { return offset_; }
  /// The same in the memory of a device, for its kernels: copied there on the first call and kept.
  const std::int64_t* offset_on(Device device) const;
  std::int64_t local_rows() const { return offset_.back(); }
  /// Rows over all ranks.
  std::int64_t global_rows() const { return global_rows_; }
  /// Rows on lower ranks: the global row number of local row 0 (ranks own patches in ascending order).
  std::int64_t first_row() const { return first_row_; }

 private:
  std::string name_;
  std::shared_ptr<const TreeSum> tree_;
  std::vector<std::int64_t> offset_;
  mutable std::shared_ptr<const Buffer> device_offset_;  ///< of the last device asked for
  std::int64_t global_rows_ = 0, first_row_ = 0;
};

using RowSpacePtr = std::shared_ptr<const RowSpace>;

}  // namespace halograph
