// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <halograph/graph/dist/batch.hpp>

namespace halograph {

/// Which kind each node is of: atomic numbers, node types, categories. nn::Embedding looks up a row for each. A handle:
/// copies share everything.
class Kinds {
 public:
  /// `kind_of_row` [n_nodes]: for each local row of `nodes` a number in 0..n_kinds-1; kinds without nodes are allowed.
  /// Throws UsageError on all ranks alike if numbers are out of range or the ranks name different n_kinds. Collective.
  Kinds(RowSpacePtr nodes, const std::vector<std::int32_t>& kind_of_row, std::int64_t n_kinds,
        Device device = Device::preferred())
      : groups_(std::move(nodes), kind_of_row, n_kinds, device) {}

  /// Takes the groups of a batch as kinds.
  explicit Kinds(Batch groups) : groups_(std::move(groups)) {}

  std::int64_t n_kinds() const { return groups_.n_graphs(); }
  const RowSpacePtr& nodes() const { return groups_.nodes(); }
  /// The nodes of each kind as a group: sums over them have the same bits on any number of ranks.
  const Batch& groups() const { return groups_; }

 private:
  Batch groups_;
};

}  // namespace halograph
