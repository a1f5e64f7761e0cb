// SPDX-License-Identifier: BSD-3-Clause
// New tensors on a given device for the length of a scope.
#pragma once

#include <halograph/core/device.hpp>

namespace halograph::testing {

class OnDevice {
 public:
  explicit OnDevice(Device device) : before_(Device::preferred()) { Device::set_preferred(device); }
  ~OnDevice() { Device::set_preferred(before_); }
  OnDevice(const OnDevice&) = delete;
  OnDevice& operator=(const OnDevice&) = delete;

 private:
  Device before_;
};

}  // namespace halograph::testing
