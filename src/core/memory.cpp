// SPDX-License-Identifier: BSD-3-Clause
// Buffers and their reuse. Only the thread that runs the program's main line
// allocates, so nothing here locks.
#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>
#include <kernels/runtime.hpp>

#include "core/block_pool.hpp"
#include "core/guarded_arena.hpp"
#include "core/scratch.hpp"

namespace halograph {
namespace {

constexpr std::int64_t alignment = 64;

std::int64_t round_up(std::int64_t bytes, std::int64_t unit) { return (bytes + unit - 1) / unit * unit; }

struct Pool {
  std::unordered_map<std::int64_t, std::vector<void*>> idle;  // by block size
};

// The arena and the pools outlive every tensor, static ones included: they are never destroyed.
GuardedArena& arena() {
  static GuardedArena& it = *new GuardedArena("guarded");
  return it;
}
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

/// Memory from the system; null if there is none. Large blocks ask for huge pages: rows gathered from all over a
/// graph then seldom miss the translation cache, and first touches are few.
void* allocate_host(std::int64_t bytes) {
  constexpr std::int64_t huge_page = std::int64_t(1) << 21;
  if (bytes < 2 * huge_page) return std::aligned_alloc(alignment, std::size_t(bytes));
  void* block = std::aligned_alloc(std::size_t(huge_page), std::size_t(round_up(bytes, huge_page)));
  if (block) madvise(block, std::size_t(round_up(bytes, huge_page)), MADV_HUGEPAGE);
  return block;
}

/// Memory of a device from its system; null if there is none.
void* allocate(std::int64_t bytes, Device device) {
  if (device.kind() == Device::Kind::host) return allocate_host(bytes);
  if (device.kind() == Device::Kind::guarded) return arena().allocate(bytes);
  return kernels::open_runtime(device).allocate(bytes);
}

void* take(std::int64_t bytes, Device device) {
  auto& blocks = pool(device).idle[bytes];
  if (!blocks.empty()) {
    void* block = blocks.back();
    blocks.pop_back();
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

/// Blocks of a GPU come in eight sizes between a power of two and the next: what has another number of edges in
/// every step finds a block again.
std::int64_t block_size(std::int64_t bytes, Device device) {
  bytes = round_up(bytes, alignment);
  if (device.kind() != Device::Kind::cuda && device.kind() != Device::Kind::hip) return bytes;
  std::int64_t unit = 512;
  while (16 * unit < bytes) unit *= 2;
  return round_up(bytes, unit);
}

}  // namespace

Buffer::Buffer(std::int64_t bytes, Device device) : bytes_(block_size(bytes, device)), device_(device) {
  if (bytes_ == 0) return;
  data_ = recording_pool && recording_pool->device() == device ? take_for_recording(bytes_) : take(bytes_, device);
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
  use.live -= bytes_;
  if (const auto found = pool_of_block().find(data_); found != pool_of_block().end()) {
    const std::shared_ptr<BlockPool> owner = std::move(found->second);
    pool_of_block().erase(found);
    owner->give(data_, bytes_);
    return;
  }
  pool(device_).idle[bytes_].push_back(data_);
}

BlockPool::~BlockPool() {
  for (auto& [bytes, blocks] : idle_) {
    auto& rest = pool(device_).idle[bytes];
    rest.insert(rest.end(), blocks.begin(), blocks.end());
  }
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
  for (const Device device : {Device::host(), Device::cuda(), Device::hip()}) {
    for (auto& [bytes, blocks] : pool(device).idle) {
      for (void* block : blocks) device.host_readable() ? std::free(block) : kernels::open_runtime(device).release(block);
      blocks.clear();
    }
  }
}

DeviceAccess::DeviceAccess(Device device) : device_(device) {
  if (device_.kind() == Device::Kind::guarded) arena().open();
}
DeviceAccess::~DeviceAccess() {
  if (device_.kind() == Device::Kind::guarded) arena().close();
}

}  // namespace halograph
