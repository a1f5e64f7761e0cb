// SPDX-License-Identifier: BSD-3-Clause
#include "core/staging.hpp"

#include <cstdlib>
#include <cstring>

#include <halograph/core/error.hpp>
#include <kernels/runtime.hpp>

namespace halograph {

Staging::Staging(std::int64_t bytes, Device device) : device_(device) {
  if (bytes == 0) return;
  if (kernels::runtime_of(device)) data_ = kernels::open_runtime(device).allocate_pinned(bytes);
  else data_ = std::aligned_alloc(64, std::size_t((bytes + 63) / 64 * 64));
  require<DeviceError>(data_, device.name(), ": cannot allocate ", bytes, " bytes of host memory");
}

Staging::~Staging() {
  if (!data_) return;
  if (const auto* runtime = kernels::runtime_of(device_)) runtime->release_pinned(data_);
  else std::free(data_);
}

void Staging::upload(void* to, std::int64_t bytes) {
  if (bytes == 0) return;
  if (const auto* runtime = kernels::runtime_of(device_)) {
    runtime->upload(to, data_, bytes);
    mark_ = runtime->mark();
  } else {
    const DeviceAccess access(device_);
    std::memcpy(to, data_, std::size_t(bytes));
  }
}

void Staging::download(const void* from, std::int64_t bytes) {
  if (bytes == 0) return;
  if (const auto* runtime = kernels::runtime_of(device_)) {
    runtime->download(data_, from, bytes);
    mark_ = runtime->mark();
  } else {
    const DeviceAccess access(device_);
    std::memcpy(data_, from, std::size_t(bytes));
  }
}

void Staging::finish() {
  if (mark_ == 0) return;
  kernels::runtime_of(device_)->wait(mark_);
  mark_ = 0;
}

}  // namespace halograph
