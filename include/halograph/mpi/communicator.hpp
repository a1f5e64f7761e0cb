// SPDX-License-Identifier: BSD-3-Clause
// Wraps an MPI_Comm: spans in, vectors out, every error an exception. A Communicator shares ownership of a private
// duplicate of the communicator it was made from, so that messages of the library never meet those of the solver.
// Every function is collective unless it says otherwise. Call it from the thread that may call MPI
// (MPI_THREAD_FUNNELED).
#pragma once

#include <mpi.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <halograph/core/error.hpp>

namespace halograph {

/// Throws MpiError naming `call` unless `code` is MPI_SUCCESS. Not collective.
void check_mpi(int code, const char* call);

/// The MPI type of an arithmetic type.
template <class T>
MPI_Datatype mpi_type();

/// A duplicated communicator; copies share it. The duplicate is freed with the last copy, unless
/// MPI has been finalized before.
class Communicator {
 public:
  /// Duplicates MPI_COMM_SELF if MPI is up, otherwise a world of one rank.
  Communicator();
  /// Duplicates `comm`. Collective over `comm`.
  explicit Communicator(MPI_Comm comm);

  int rank() const { return rank_; }
  int size() const { return size_; }
  MPI_Comm raw() const;

  /// Ranks with equal `colour` form a new communicator, ordered by `key`; a negative colour gives
  /// the calling rank a communicator of itself alone.
  Communicator split(int colour, int key) const;

  void barrier() const;

  /// Elementwise over ranks, the result on all ranks. Integers only for sum: a floating-point sum
  /// in MPI's order is not reproducible, see graph/tree_sum.hpp.
  template <class T>
  std::vector<T> sum(std::span<const T> values) const requires std::is_integral_v<T>;
  template <class T>
  T sum(T value) const requires std::is_integral_v<T>;
  template <class T>
  std::vector<T> max(std::span<const T> values) const;
  template <class T>
  T max(T value) const;
  template <class T>
  std::vector<T> min(std::span<const T> values) const;
  template <class T>
  T min(T value) const;

  /// Sum over the lower ranks (0 on rank 0).
  std::int64_t exclusive_sum(std::int64_t value) const;

  /// One value of each rank, on all ranks.
  template <class T>
  std::vector<T> all_gather(const T& value) const requires std::is_trivially_copyable_v<T>;

  /// The concatenation over ranks, on all ranks. For small data only.
  template <class T>
  std::vector<T> all_gather_v(std::span<const T> values) const requires std::is_trivially_copyable_v<T>;

  /// The concatenation over ranks on `root`, empty elsewhere.
  template <class T>
  std::vector<T> gather_v(std::span<const T> values, int root) const requires std::is_trivially_copyable_v<T>;

  /// `values` of `root` replaces that of the others, size included.
  template <class T>
  void broadcast(std::vector<T>& values, int root) const requires std::is_trivially_copyable_v<T>;
  void broadcast(std::string& text, int root) const;

 private:
  struct Owner;
  void reduce(const void* in, void* out, std::int64_t count, std::int64_t width, MPI_Datatype type, MPI_Op op) const;
  std::vector<char> gather_bytes(std::span<const char> mine, int root) const;
  void broadcast_bytes(void* data, std::int64_t bytes, int root) const;

  std::shared_ptr<const Owner> owner_;
  int rank_ = 0;
  int size_ = 1;
};

/// All ranks pass their own error text (empty: no error). If any is not empty, all ranks throw
/// `Kind` with the text of the lowest failing rank. Collective.
template <class Kind = Error>
void agree(const Communicator& comm, const std::string& error);

/// agree() for a condition: `message` is used on ranks where `ok` is false. Collective.
template <class Kind = Error, class... Parts>
void require_all(const Communicator& comm, bool ok, const Parts&... message) {
  agree<Kind>(comm, ok ? std::string() : cat(message...));
}

/// Runs `body` on each rank. If it throws on some, all ranks throw the exception of the lowest failing rank: the same
/// text and the same type of error.hpp, or Error for an exception of another library. With a `Kind` all throw that
/// type. `source`, a file for example, stands in front of errors that do not name it: lack of memory, errors without a
/// text. `body` must not communicate. Collective.
template <class Kind = void, class Body>
void on_all_ranks(const Communicator& comm, const std::string& source, Body&& body);
template <class Kind = void, class Body>
void on_all_ranks(const Communicator& comm, Body&& body) {
  on_all_ranks<Kind>(comm, "", std::forward<Body>(body));
}

/// The same where rank 0 alone has something to do. Collective.
template <class Kind = void, class Body>
void on_root(const Communicator& comm, const std::string& source, Body&& body) {
  on_all_ranks<Kind>(comm, source, [&] {
    if (comm.rank() == 0) body();
  });
}

}  // namespace halograph

#include <halograph/mpi/communicator_impl.hpp>
