// SPDX-License-Identifier: BSD-3-Clause
// Moves further columns (fields, frames, features) from the slab order of the reader to the local rows of a graph,
// and back. Works on plain host memory. Both sides know what they send and receive, so a move is one message per
// pair of ranks.
#pragma once

#include <cstdint>
#include <type_traits>
#include <vector>

#include <halograph/graph/routing/routes.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

class Migration {
 public:
  Migration() = default;
  /// `send`: the slab rows that go to each rank. `receive`: the local rows of those that arrive from
  /// each rank. The calling rank may be among them. Not collective.
  Migration(Communicator comm, Routes send, Routes receive, std::int64_t slab_rows, std::int64_t local_rows);

  std::int64_t slab_rows() const { return slab_rows_; }
  std::int64_t local_rows() const { return local_rows_; }

  /// [slab_rows, cols] in slab order -> [local_rows, cols] in row order. Collective.
  template <class T>
  std::vector<T> forward(const std::vector<T>& values,
                         std::int64_t cols) const requires std::is_trivially_copyable_v<T> {
    check(std::int64_t(values.size()), slab_rows_, cols);
    std::vector<T> result(static_cast<std::size_t>(local_rows_ * cols));
    move(send_, receive_, values.data(), result.data(), cols * std::int64_t(sizeof(T)));
    return result;
  }

  /// The inverse. Collective.
  template <class T>
  std::vector<T> backward(const std::vector<T>& values,
                          std::int64_t cols) const requires std::is_trivially_copyable_v<T> {
    check(std::int64_t(values.size()), local_rows_, cols);
    std::vector<T> result(static_cast<std::size_t>(slab_rows_ * cols));
    move(receive_, send_, values.data(), result.data(), cols * std::int64_t(sizeof(T)));
    return result;
  }

 private:
  void check(std::int64_t size, std::int64_t rows, std::int64_t cols) const;
  void move(const Routes& from, const Routes& to, const void* values, void* result, std::int64_t row_bytes) const;

  Communicator comm_;
  Routes send_, receive_;
  std::int64_t slab_rows_ = 0, local_rows_ = 0;
};

}  // namespace halograph
