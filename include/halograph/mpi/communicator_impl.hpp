// SPDX-License-Identifier: BSD-3-Clause
// Template bodies of communicator.hpp.
#pragma once

#include <exception>

namespace halograph {

template <class T>
MPI_Datatype mpi_type() {
  if constexpr (std::is_same_v<T, double>) return MPI_DOUBLE;
  else if constexpr (std::is_same_v<T, float>) return MPI_FLOAT;
  else if constexpr (std::is_same_v<T, char>) return MPI_CHAR;
  else {
    static_assert(std::is_integral_v<T>);
    if constexpr (sizeof(T) == 8) return std::is_signed_v<T> ? MPI_INT64_T : MPI_UINT64_T;
    else if constexpr (sizeof(T) == 4) return std::is_signed_v<T> ? MPI_INT32_T : MPI_UINT32_T;
    else return std::is_signed_v<T> ? MPI_INT8_T : MPI_UINT8_T;
  }
}

template <class T>
std::vector<T> Communicator::sum(std::span<const T> values) const requires std::is_integral_v<T> {
  std::vector<T> out(values.size());
  reduce(values.data(), out.data(), std::int64_t(values.size()), sizeof(T), mpi_type<T>(), MPI_SUM);
  return out;
}

template <class T>
T Communicator::sum(T value) const requires std::is_integral_v<T> {
  return sum(std::span<const T>(&value, 1)).front();
}

template <class T>
std::vector<T> Communicator::max(std::span<const T> values) const {
  std::vector<T> out(values.size());
  reduce(values.data(), out.data(), std::int64_t(values.size()), sizeof(T), mpi_type<T>(), MPI_MAX);
  return out;
}

template <class T>
T Communicator::max(T value) const {
  return max(std::span<const T>(&value, 1)).front();
}

template <class T>
std::vector<T> Communicator::min(std::span<const T> values) const {
  std::vector<T> out(values.size());
  reduce(values.data(), out.data(), std::int64_t(values.size()), sizeof(T), mpi_type<T>(), MPI_MIN);
  return out;
}

template <class T>
T Communicator::min(T value) const {
  return min(std::span<const T>(&value, 1)).front();
}

template <class T>
std::vector<T> Communicator::all_gather_v(std::span<const T> values) const requires std::is_trivially_copyable_v<T> {
  std::vector<T> all = gather_v(values, 0);
  broadcast(all, 0);
  return all;
}

template <class T>
std::vector<T> Communicator::all_gather(const T& value) const requires std::is_trivially_copyable_v<T> {
  return all_gather_v(std::span<const T>(&value, 1));
}

template <class T>
std::vector<T> Communicator::gather_v(std::span<const T> values,
                                      int root) const requires std::is_trivially_copyable_v<T> {
  const std::vector<char> bytes =
      gather_bytes({reinterpret_cast<const char*>(values.data()), values.size_bytes()}, root);
  const T* first = reinterpret_cast<const T*>(bytes.data());
  return std::vector<T>(first, first + bytes.size() / sizeof(T));
}

template <class T>
void Communicator::broadcast(std::vector<T>& values, int root) const requires std::is_trivially_copyable_v<T> {
  std::int64_t count = std::int64_t(values.size());
  broadcast_bytes(&count, sizeof count, root);
  values.resize(std::size_t(count));
  broadcast_bytes(values.data(), count * std::int64_t(sizeof(T)), root);
}

template <class Kind>
void agree(const Communicator& comm, const std::string& error) {
  const int first = comm.min(error.empty() ? comm.size() : comm.rank());
  if (first == comm.size()) return;
  std::string text = error;
  comm.broadcast(text, first);
  throw Kind(text);
}

namespace detail {
/// Throws the exception of the lowest rank whose `error` is not null on all ranks. Collective.
void rethrow_together(const Communicator& comm, const std::string& source, const std::exception* error);
}  // namespace detail

template <class Kind, class Body>
void on_all_ranks(const Communicator& comm, const std::string& source, Body&& body) {
  const auto agreed = [&](const std::exception* error) {
    if constexpr (std::is_void_v<Kind>) {
      detail::rethrow_together(comm, source, error);
    } else {
      try {
        detail::rethrow_together(comm, source, error);
      } catch (const Error& found) {
        throw Kind(found.what());
      }
    }
  };
  try {
    body();
  } catch (const std::exception& error) {
    agreed(&error);
  }
  agreed(nullptr);
}

}  // namespace halograph
