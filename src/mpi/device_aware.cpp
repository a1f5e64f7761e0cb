// SPDX-License-Identifier: BSD-3-Clause
#include "mpi/device_aware.hpp"

#include <mpi.h>

#include <cstdlib>
#include <string_view>

#if defined(OPEN_MPI) && __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

bool library_says_so(Device device) {
#ifdef MPIX_CUDA_AWARE_SUPPORT
  if (device == Device::cuda()) return MPIX_Query_cuda_support() == 1;
#endif
#ifdef MPIX_ROCM_AWARE_SUPPORT
  if (device == Device::hip()) return MPIX_Query_rocm_support() == 1;
#endif
  const char* cray = std::getenv("MPICH_GPU_SUPPORT_ENABLED");
  return cray && std::string_view(cray) == "1";
}

}  // namespace

bool mpi_reaches(Device device) {
  if (device.host_readable()) return true;
  if (device != Device::cuda() && device != Device::hip()) return false;
  if (const char* wish = std::getenv("HALOGRAPH_DEVICE_AWARE_MPI"); wish && *wish) {
    const std::string_view word = wish;
    require<Error>(word == "0" || word == "1", "HALOGRAPH_DEVICE_AWARE_MPI='", word, "' is neither 0 nor 1");
    return word == "1";
  }
  return library_says_so(device);
}

}  // namespace halograph
