// SPDX-License-Identifier: BSD-3-Clause
// Host memory that travels to and from a device while the host goes on: pinned where the device is a GPU, plain memory
// otherwise.
#pragma once

#include <cstdint>

#include <halograph/core/device.hpp>

namespace halograph {

class Staging {
 public:
  Staging(std::int64_t bytes, Device device);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  void* data() const { return data_; }

  /// The first `bytes` to and from memory of the device, enqueued. The block may be read or filled again after
  /// finish().
  void upload(void* to, std::int64_t bytes);
  void download(const void* from, std::int64_t bytes);
  /// Waits until what was enqueued here is done.
  void finish();

 private:
  Device device_;
  void* data_ = nullptr;
  std::int64_t mark_ = 0;
};

}  // namespace halograph
