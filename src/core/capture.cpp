// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/capture.hpp>

#include <halograph/core/error.hpp>
#include <kernels/runtime.hpp>

#include "core/block_pool.hpp"

namespace halograph {

bool Capture::supported(Device device) { return kernels::runtime_of(device) && available(device); }

Capture::Capture(Device device) : device_(device), pool_(std::make_shared<BlockPool>(device)) {
  require<DeviceError>(supported(device), "Capture: nothing to record on device '", device.name(), "'");
}

Capture::~Capture() {
  if (work_) kernels::runtime_of(device_)->release_recorded(work_);
}

void Capture::record(const std::function<void()>& body) {
  const kernels::DeviceRuntime& runtime = kernels::open_runtime(device_);
  require(!work_, "Capture: it has its recorded work already");
  runtime.begin_recording();
  allocate_from(pool_);
  try {
    body();
  } catch (...) {
    allocate_from(nullptr);
    if (void* part = runtime.end_recording()) runtime.release_recorded(part);
    throw;
  }
  allocate_from(nullptr);
  work_ = runtime.end_recording();
  require<DeviceError>(work_, device_.name(), ": the recorded work asked for what cannot be recorded");
}

void Capture::replay() {
  require(work_, "Capture: nothing is recorded");
  kernels::runtime_of(device_)->replay(work_);
}

}  // namespace halograph
