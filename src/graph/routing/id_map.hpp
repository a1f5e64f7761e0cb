// SPDX-License-Identifier: BSD-3-Clause
// A table from global node ids to 32-bit values: open addressing, twelve bytes a slot, because
// set-up looks up every end of every edge. Ids of meshes come in long runs, so their bits are spread first.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/mixed.hpp"

namespace halograph {

/// Keys are >= 0.
class IdMap {
 public:
  explicit IdMap(std::size_t expected = 0) { resize(expected); }

  std::size_t size() const { return size_; }

  /// The value of the id, `value` if it is new, and whether it is.
  std::pair<std::int32_t, bool> insert(std::int64_t id, std::int32_t value) {
    if (2 * (size_ + 1) > key_.size()) grow();
    const std::size_t at = slot(id);
    if (key_[at] == id) return {value_[at], false};
    key_[at] = id;
    value_[at] = value;
    ++size_;
    return {value, true};
  }

  /// The value of the id, or `otherwise` if it is not there.
  std::int32_t find(std::int64_t id, std::int32_t otherwise) const {
    const std::size_t at = slot(id);
    return key_[at] == id ? value_[at] : otherwise;
  }

 private:
  static constexpr std::int64_t free_slot = -1;

  std::size_t slot(std::int64_t id) const {
    const std::size_t mask = key_.size() - 1;
    std::size_t at = std::size_t(mixed(std::uint64_t(id))) & mask;
    while (key_[at] != id && key_[at] != free_slot) at = (at + 1) & mask;
    return at;
  }
  void resize(std::size_t expected) {
    const std::size_t slots = std::bit_ceil(2 * expected + 2);
    key_.assign(slots, free_slot);
    value_.resize(slots);
    size_ = 0;
  }
  void grow() {
    const auto keys = std::move(key_);
    const auto values = std::move(value_);
    resize(keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (keys[i] != free_slot) insert(keys[i], values[i]);
  }

  std::vector<std::int64_t> key_;
  std::vector<std::int32_t> value_;
  std::size_t size_ = 0;
};

}  // namespace halograph
