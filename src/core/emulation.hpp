// SPDX-License-Identifier: BSD-3-Clause
// The emulated device: kernels of devices on the host's threads, memory that the host must not touch, and work that is
// put off until somebody waits for it, as late as a device might do it.
#pragma once

#include <kernels/runtime.hpp>

namespace halograph {

/// Only where this library has emulated kernels.
const kernels::DeviceRuntime& emulated_runtime();

}  // namespace halograph
