// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/index.hpp>

#include <cstring>

namespace halograph {

Index::Index(const std::vector<std::int32_t>& values, Device device) : size_(std::int64_t(values.size())) {
  const std::int64_t bytes = size_ * std::int64_t(sizeof(std::int32_t));
  buffer_ = std::make_shared<Buffer>(bytes, device);
  DeviceAccess access(device);
  if (bytes > 0) std::memcpy(buffer_->data(), values.data(), std::size_t(bytes));
}

Index::Index(std::int64_t size, Device device)
    : buffer_(std::make_shared<Buffer>(size * std::int64_t(sizeof(std::int32_t)), device)), size_(size) {}

std::vector<std::int32_t> Index::to_vector() const {
  std::vector<std::int32_t> values(static_cast<std::size_t>(size_));
  if (size_ > 0) {
    DeviceAccess access(buffer_->device());
    std::memcpy(values.data(), data(), values.size() * sizeof(std::int32_t));
  }
  return values;
}

}  // namespace halograph
