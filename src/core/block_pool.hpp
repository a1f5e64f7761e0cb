// SPDX-License-Identifier: BSD-3-Clause
// Memory of recorded work: its blocks are reused among the work itself and by nobody else, for it writes to them again
// whenever it is replayed.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include <halograph/core/device.hpp>

namespace halograph {

class BlockPool {
 public:
  explicit BlockPool(Device device) : device_(device) {}
  /// Gives the blocks to the device's own pool. Everybody who holds one of them also holds this pool.
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  /// A block that was given back; null if there is none of this size.
  void* take(std::int64_t bytes);
  void give(void* block, std::int64_t bytes) { idle_[bytes].push_back(block); }
  Device device() const { return device_; }

 private:
  Device device_;
  std::unordered_map<std::int64_t, std::vector<void*>> idle_;
};

/// From now on new buffers of the pool's device come from it; null: from the device's own pool again.
void allocate_from(std::shared_ptr<BlockPool> pool);

}  // namespace halograph
