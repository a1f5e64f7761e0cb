// SPDX-License-Identifier: BSD-3-Clause
// The little of HDF5's C interface that readers and the writer share: identifiers with an owner, errors as
// FileErrors with HDF5's own reason, and its error printing switched off meanwhile.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace halograph::h5 {

using Shape = std::vector<std::int64_t>;

/// Keeps HDF5 from printing its errors during its lifetime. The setting of a host program is restored.
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

/// Throws FileError "<message> (HDF5: <its innermost reason>)".
[[noreturn]] void fail(const std::string& message);

/// fail() where an HDF5 call returned a negative value; otherwise that value.
template <class Result>
Result check(Result result, const std::string& message) {
  if (result < 0) fail(message);
  return result;
}

/// Owner of an HDF5 identifier.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  /// Takes `id` over; fail(message) if it is negative.
  Handle(hid_t id, Close close, const std::string& message) : id_(check(id, message)), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  /// Closes now; fail(message) if HDF5 could not.
  void close(const std::string& message) { check(close_(std::exchange(id_, -1)), message); }

  operator hid_t() const { return id_; }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

/// The HDF5 type of T in memory.
template <class T>
hid_t native_type();

/// Extents of a dataspace; fail(message) unless it is simple and fits into int64.
Shape extents(hid_t space, const std::string& message);

}  // namespace halograph::h5
