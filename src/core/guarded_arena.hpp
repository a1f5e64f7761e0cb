// SPDX-License-Identifier: BSD-3-Clause
// A range of addresses whose pages are closed except while somebody has opened it: memory of a device that is the host.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace halograph {

class GuardedArena {
 public:
  explicit GuardedArena(const char* device) : device_(device) {}
  void* allocate(std::int64_t bytes);
  /// Gives the memory of a block back, of the size that was asked for. Its addresses wait for the next of that size.
  void release(void* block, std::int64_t bytes);
  /// Opens nest.
  void open();
  void close();

 private:
  void reserve();

  const char* device_;
  char* base_ = nullptr;
  std::int64_t used_ = 0;
  int open_ = 0;
  std::map<std::int64_t, std::vector<void*>> released_;  ///< by size in whole pages
};

}  // namespace halograph
