// SPDX-License-Identifier: BSD-3-Clause
// Where rows went when a graph was distributed: moves further columns (fields, frames, features)
// from the slab order of the reader to the local rows of the graph, and back.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

class Migration {
 public:
  Migration() = default;
  /// `send`: for each destination rank (ascending), the slab rows that go there, in the order in which they are sent.
  /// `place`: for each row that arrives (by source rank ascending, then in sent order), its local row. Not collective.
  Migration(Communicator comm, std::vector<std::pair<int, std::vector<std::int32_t>>> send,
            std::vector<std::int32_t> place, std::int64_t slab_rows, std::int64_t local_rows);

  std::int64_t slab_rows() const { return slab_rows_; }
  std::int64_t local_rows() const { return local_rows_; }

  /// [slab_rows, cols] in slab order -> [local_rows, cols] in row order. Collective.
  template <class T>
  std::vector<T> forward(const std::vector<T>& values, std::int64_t cols) const;
  /// The inverse. Collective.
  template <class T>
  std::vector<T> backward(const std::vector<T>& values, std::int64_t cols) const;

 private:
  Communicator comm_;
  std::vector<std::pair<int, std::vector<std::int32_t>>> send_;
  std::vector<std::int32_t> place_;
  std::int64_t slab_rows_ = 0, local_rows_ = 0;
};

}  // namespace halograph
