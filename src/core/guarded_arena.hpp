// SPDX-License-Identifier: BSD-3-Clause
// A range of addresses whose pages are closed except while somebody has opened it: memory of a device that is the host.
#pragma once

#include <cstdint>

namespace halograph {

class GuardedArena {
 public:
  explicit constexpr GuardedArena(const char* device) : device_(device) {}
  /// Never given back: blocks are kept for reuse by who asked for them.
  void* allocate(std::int64_t bytes);
  /// Opens nest.
  void open();
  void close();

 private:
  void reserve();

  const char* device_;
  char* base_ = nullptr;
  std::int64_t used_ = 0;
  int open_ = 0;
};

}  // namespace halograph
