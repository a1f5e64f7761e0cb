// SPDX-License-Identifier: BSD-3-Clause
// Whether MPI takes pointers into a device's memory.
#pragma once

#include <halograph/core/device.hpp>

namespace halograph {

/// True where MPI reads and writes memory of `device` itself, as the MPI library says at run time (Open MPI's
/// MPIX_Query_cuda_support and MPIX_Query_rocm_support; Cray MPICH by MPICH_GPU_SUPPORT_ENABLED=1). The environment's
/// HALOGRAPH_DEVICE_AWARE_MPI=0 or 1 overrules it. For the host always; never for devices that only tests use.
bool mpi_reaches(Device device);

}  // namespace halograph
