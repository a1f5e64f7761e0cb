// SPDX-License-Identifier: BSD-3-Clause
// Memory of this process as the system sees it.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <fstream>

namespace halograph::testing {

/// Bytes that are resident now.
inline std::int64_t resident_bytes() {
  std::int64_t size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace halograph::testing
