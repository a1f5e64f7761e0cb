// SPDX-License-Identifier: BSD-3-Clause
// The device that the kernels of this back end run on.
#pragma once

#include <halograph/core/device.hpp>
#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

constexpr Device this_device() {
#if HALOGRAPH_EMULATED
  return Device::emulated();
#elif defined(__HIPCC__)
  return Device::hip();
#else
  return Device::cuda();
#endif
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
