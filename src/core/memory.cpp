// SPDX-License-Identifier: BSD-3-Clause
// Buffers and their reuse. Only the thread that runs the program's main line
// allocates, so nothing here locks.
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <unordered_map>
#include <utility>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>
#include <kernels/runtime.hpp>

#include "core/block_pool.hpp"
#include "core/guarded_arena.hpp"
#include "core/idle_blocks.hpp"
#include "core/pages.hpp"
#include "core/scratch.hpp"

namespace halograph {
namespace {

constexpr std::int64_t alignment = 64;

// The arena and the pools outlive every tensor, static ones included: they are never destroyed.
GuardedArena& guarded_arena() {
  static GuardedArena& it = *new GuardedArena("guarded");
  return it;
}

struct Pool {
  IdleBlocks idle;
  RecentPeak peak;
  std::int64_t live = 0;
};
Pool& pool(Device device) {
  static auto& pools = *new std::array<Pool, 5>;
  return pools[std::size_t(device.kind())];
}
MemoryUse use;

/// Where buffers come from while work is recorded, and which blocks came from there.
std::shared_ptr<BlockPool> recording_pool;
std::unordered_map<void*, std::shared_ptr<BlockPool>>& pool_of_block() {
  static auto& it = *new std::unordered_map<void*, std::shared_ptr<BlockPool>>;
  return it;
}

/// Whether a block of the host is made of huge pages: rows gathered from all over a graph then seldom miss the
/// translation cache, and first touches are few.
bool of_huge_pages(std::int64_t bytes) { return bytes >= 2 * huge_page; }

/// Whether a block of the host is mapped by itself: one that goes back leaves no hole in the heap then.
bool is_mapped(std::int64_t bytes) { return bytes >= (std::int64_t(1) << 17) && !of_huge_pages(bytes); }

/// Memory from the system; null if there is none.
void* allocate_host(std::int64_t bytes) {
  if (is_mapped(bytes)) {
    void* block = mmap(nullptr, std::size_t(bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED ? nullptr : block;
  }
  if (!of_huge_pages(bytes)) return std::aligned_alloc(alignment, std::size_t(bytes));
  void* block = std::aligned_alloc(std::size_t(huge_page), std::size_t(bytes));
  if (block) madvise(block, std::size_t(bytes), MADV_HUGEPAGE);
  return block;
}

/// Memory of a device from its system; null if there is none.
void* allocate(std::int64_t bytes, Device device) {
  if (device.kind() == Device::Kind::host) return allocate_host(bytes);
  if (device.kind() == Device::Kind::guarded) return guarded_arena().allocate(bytes);
  return kernels::open_runtime(device).allocate(bytes);
}

/// Gives a block back to the system, or to the device.
void release(void* block, std::int64_t bytes, Device device) {
  if (device.kind() == Device::Kind::host)
    is_mapped(bytes) ? void(munmap(block, std::size_t(bytes))) : std::free(block);
  else if (device.kind() == Device::Kind::guarded) guarded_arena().release(block, bytes);
  else kernels::open_runtime(device).release(block);
}

void release_down_to(std::int64_t bytes, Device device) {
  IdleBlocks& idle = pool(device).idle;
  while (idle.bytes() > bytes) {
    const IdleBlocks::Block block = idle.take_oldest();
    use.cached -= block.bytes;
    release(block.data, block.bytes, device);
  }
}

/// Bytes that may lie idle: a fixed graph asks for the same blocks in every step and finds all of them, while sizes
/// that nobody asks for again give way.
std::int64_t most_idle(Device device) {
  constexpr std::int64_t always = std::int64_t(16) << 20;
  return std::max(always, 2 * pool(device).peak.value());
}

void keep(void* block, std::int64_t bytes, Device device) {
  pool(device).idle.give(block, bytes);
  use.cached += bytes;
  if (!recording_pool) release_down_to(most_idle(device), device);  // what is recorded must not wait
}

void* take(std::int64_t bytes, Device device) {
  if (void* block = pool(device).idle.take(bytes)) {
    use.cached -= bytes;
    return block;
  }
  ++use.system_allocations;
  void* block = allocate(bytes, device);
  if (!block) {
    release_cached_memory();
    block = allocate(bytes, device);
  }
  require<DeviceError>(block != nullptr, device.name(), ": cannot allocate ", bytes, " bytes");
  return block;
}

void* take_for_recording(std::int64_t bytes) {
  void* block = recording_pool->take(bytes);
  if (!block) block = take(bytes, recording_pool->device());
  pool_of_block()[block] = recording_pool;
  return block;
}

/// Blocks come in eight sizes between a power of two and the next: what has another number of edges in every step finds
/// a block again. Those of huge pages are whole pages.
std::int64_t block_size(std::int64_t bytes, Device device) {
  const bool gpu = device.kind() == Device::Kind::cuda || device.kind() == Device::Kind::hip;
  std::int64_t unit = gpu ? 512 : alignment;
  while (16 * unit < bytes) unit *= 2;
  if (!gpu && of_huge_pages(bytes)) unit = std::max(unit, huge_page);
  return round_up(bytes, unit);
}

}  // namespace

Buffer::Buffer(std::int64_t bytes, Device device) : bytes_(round_up(bytes, alignment)), device_(device) {
  if (bytes_ == 0) return;
  const std::int64_t size = block_size(bytes_, device);
  data_ = recording_pool && recording_pool->device() == device ? take_for_recording(size) : take(size, device);
  Pool& own = pool(device);
  own.live += size;
  own.peak.update(own.live);
  use.live += bytes_;
  if (use.live > use.peak) use.peak = use.live;
}

std::shared_ptr<Buffer> Buffer::borrow(void* data, std::int64_t bytes, Device device) {
  std::shared_ptr<Buffer> buffer(new Buffer);
  buffer->data_ = data;
  buffer->bytes_ = bytes;
  buffer->device_ = device;
  buffer->owned_ = false;
  return buffer;
}

Buffer::~Buffer() {
  if (!owned_ || !data_) return;
  const std::int64_t size = block_size(bytes_, device_);
  pool(device_).live -= size;
  use.live -= bytes_;
  if (const auto found = pool_of_block().find(data_); found != pool_of_block().end()) {
    const std::shared_ptr<BlockPool> owner = std::move(found->second);
    pool_of_block().erase(found);
    owner->give(data_, size);
    return;
  }
  keep(data_, size, device_);
}

BlockPool::~BlockPool() {
  for (auto& [bytes, blocks] : idle_)
    for (void* block : blocks) keep(block, bytes, device_);
}

void* BlockPool::take(std::int64_t bytes) {
  auto& blocks = idle_[bytes];
  if (blocks.empty()) return nullptr;
  void* block = blocks.back();
  blocks.pop_back();
  return block;
}

void allocate_from(std::shared_ptr<BlockPool> pool) { recording_pool = std::move(pool); }

MemoryUse memory_use() {
  MemoryUse now = use;
  now.system_allocations += scratch_allocations();
  return now;
}
void reset_memory_peak() { use.peak = use.live; }

void release_cached_memory() {
  for (const Device device : all_devices()) release_down_to(0, device);
}

DeviceAccess::DeviceAccess(Device device) : device_(device) {
  if (device_.kind() == Device::Kind::guarded) guarded_arena().open();
}
DeviceAccess::~DeviceAccess() {
  if (device_.kind() == Device::Kind::guarded) guarded_arena().close();
}

}  // namespace halograph
