// SPDX-License-Identifier: BSD-3-Clause
// Holds index arrays on a device, 32-bit, for local rows: topology, kept apart from features.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <halograph/core/device.hpp>

namespace halograph {

/// An array of local row numbers, not changed once filled; copies share the memory.
class Index {
 public:
  Index() = default;
  explicit Index(const std::vector<std::int32_t>& values, Device device = Device::preferred());
  /// Uninitialised, for a kernel to fill through writable().
  Index(std::int64_t size, Device device);

  const std::int32_t* data() const { return buffer_ ? static_cast<const std::int32_t*>(buffer_->data()) : nullptr; }
  std::int32_t* writable() { return static_cast<std::int32_t*>(buffer_->data()); }
  std::int64_t size() const { return size_; }
  Device device() const { return buffer_ ? buffer_->device() : Device::preferred(); }
  std::vector<std::int32_t> to_vector() const;

 private:
  std::shared_ptr<Buffer> buffer_;
  std::int64_t size_ = 0;
};

}  // namespace halograph
