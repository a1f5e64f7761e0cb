// SPDX-License-Identifier: BSD-3-Clause
#include "core/scratch.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

#include <kernels/launch/tasks.hpp>

namespace halograph {
namespace {

std::atomic<std::int64_t> largest[scratch_slots];
std::atomic<std::int64_t> allocations;

struct Scratch {
  void* data = nullptr;
  std::int64_t bytes = 0;
  ~Scratch() { std::free(data); }
};

}  // namespace

void* scratch(std::int64_t bytes, int slot) {
  thread_local Scratch slots[scratch_slots];
  Scratch& mine = slots[slot];
  if (mine.bytes < bytes) {
    std::free(mine.data);
    mine.bytes = (bytes + 4095) / 4096 * 4096;
    mine.data = std::aligned_alloc(64, std::size_t(mine.bytes));
    if (!mine.data) throw std::bad_alloc();
    allocations.fetch_add(1, std::memory_order_relaxed);
    std::int64_t before = largest[slot].load(std::memory_order_relaxed);
    while (before < mine.bytes && !largest[slot].compare_exchange_weak(before, mine.bytes, std::memory_order_relaxed)) {
    }
  }
  return mine.data;
}

void match_scratch() {
  for (int slot = 0; slot < scratch_slots; ++slot)
    if (const std::int64_t bytes = largest[slot].load(std::memory_order_relaxed); bytes > 0) scratch(bytes, slot);
}

std::int64_t scratch_allocations() { return allocations.load(std::memory_order_relaxed); }

}  // namespace halograph
