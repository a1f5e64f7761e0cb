// SPDX-License-Identifier: BSD-3-Clause
// Blocks of memory that nobody uses at present, kept for the next one who asks for their size.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

namespace halograph {

class IdleBlocks {
 public:
  struct Block {
    void* data = nullptr;
    std::int64_t bytes = 0;
  };

  void give(void* data, std::int64_t bytes);
  /// The block of this size that was given last, whose memory is most likely in the cache; null if there is none.
  void* take(std::int64_t bytes);
  /// The block that has been idle for longest; there must be one.
  Block take_oldest();
  /// All that lies here.
  std::int64_t bytes() const { return bytes_; }

 private:
  struct Idle {
    void* data;
    std::int64_t since;
  };
  std::map<std::int64_t, std::deque<Idle>> blocks_;  ///< by size, oldest first
  std::int64_t bytes_ = 0, given_ = 0;
};

/// The largest of the values of the recent past: of the last `window` updates at least, of twice as many at most.
class RecentPeak {
 public:
  void update(std::int64_t value);
  std::int64_t value() const { return current_ > previous_ ? current_ : previous_; }

 private:
  static constexpr int window = 1 << 15;  // some steps of a deep network
  std::int64_t current_ = 0, previous_ = 0;
  int updates_ = 0;
};

}  // namespace halograph
