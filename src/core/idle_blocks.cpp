// SPDX-License-Identifier: BSD-3-Clause
#include "core/idle_blocks.hpp"

#include <algorithm>
#include <utility>

namespace halograph {

void IdleBlocks::give(void* data, std::int64_t bytes) {
  blocks_[bytes].push_back({data, given_++});
  bytes_ += bytes;
}

void* IdleBlocks::take(std::int64_t bytes) {
  const auto found = blocks_.find(bytes);
  if (found == blocks_.end()) return nullptr;
  void* data = found->second.back().data;
  found->second.pop_back();
  if (found->second.empty()) blocks_.erase(found);
  bytes_ -= bytes;
  return data;
}

IdleBlocks::Block IdleBlocks::take_oldest() {
  const auto oldest = std::min_element(blocks_.begin(), blocks_.end(), [](const auto& a, const auto& b) {
    return a.second.front().since < b.second.front().since;
  });
  const Block block{oldest->second.front().data, oldest->first};
  oldest->second.pop_front();
  if (oldest->second.empty()) blocks_.erase(oldest);
  bytes_ -= block.bytes;
  return block;
}

void RecentPeak::update(std::int64_t value) {
  if (updates_++ == window) {
    previous_ = std::exchange(current_, 0);
    updates_ = 1;
  }
  current_ = std::max(current_, value);
}

}  // namespace halograph
