// SPDX-License-Identifier: BSD-3-Clause
// Resident memory of this process as Linux tells it; 0 elsewhere.
#pragma once

#include <dlfcn.h>

#include <cstddef>
#include <fstream>
#include <string>

namespace halograph::bench {

/// "VmRSS" or "VmHWM", the highest since the last reset, in bytes.
inline double resident_bytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key + ":")) return 1024 * std::stod(line.substr(key.size() + 1));
  return 0;
}

/// What was freed goes back to the system first: its reuse would not count as growth.
inline void reset_resident_peak() {
  // Not every C library has it.
  if (auto* trim = reinterpret_cast<int (*)(std::size_t)>(dlsym(RTLD_DEFAULT, "malloc_trim"))) trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
}

}  // namespace halograph::bench
