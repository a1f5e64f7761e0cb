// SPDX-License-Identifier: BSD-3-Clause
// Buffers, their reuse, and the guarded arena. Only the thread that runs the program's main line
// allocates, so nothing here locks.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <new>
#include <unordered_map>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/error.hpp>

#include "core/scratch.hpp"

namespace halograph {
namespace {

constexpr std::int64_t alignment = 64;

std::int64_t round_up(std::int64_t bytes, std::int64_t unit) { return (bytes + unit - 1) / unit * unit; }

/// A range of addresses whose pages are closed except inside a DeviceAccess. Every kernel opens and closes all of
/// it, so it asks for huge pages: closing a page costs the same whatever its size.
class GuardedArena {
 public:
  void* allocate(std::int64_t bytes) {
    if (!base_) reserve();
    bytes = round_up(bytes, page());
    require<DeviceError>(used_ + bytes <= capacity, "guarded device: out of its ", capacity, " bytes");
    void* block = base_ + used_;
    used_ += bytes;
    if (open_ > 0) protect(base_, round_up(used_, huge_page), true);
    return block;
  }
  void open() {
    if (open_++ == 0) protect(base_, round_up(used_, huge_page), true);
  }
  void close() {
    if (--open_ == 0) protect(base_, round_up(used_, huge_page), false);
  }

 private:
  static constexpr std::int64_t capacity = std::int64_t(1) << 36;
  static constexpr std::int64_t huge_page = std::int64_t(1) << 21;
  static std::int64_t page() { return sysconf(_SC_PAGESIZE); }

  void reserve() {
    void* range = mmap(nullptr, std::size_t(capacity + huge_page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                       -1, 0);
    require<DeviceError>(range != MAP_FAILED, "guarded device: cannot reserve ", capacity, " bytes of addresses");
    const std::int64_t misfit = std::int64_t(reinterpret_cast<std::uintptr_t>(range) % std::uintptr_t(huge_page));
    base_ = static_cast<char*>(range) + (huge_page - misfit) % huge_page;
    madvise(base_, std::size_t(capacity), MADV_HUGEPAGE);
  }
  static void protect(void* at, std::int64_t bytes, bool readable) {
    if (bytes > 0) mprotect(at, std::size_t(bytes), readable ? PROT_READ | PROT_WRITE : PROT_NONE);
  }

  char* base_ = nullptr;
  std::int64_t used_ = 0;
  int open_ = 0;
};

struct Pool {
  std::unordered_map<std::int64_t, std::vector<void*>> idle;  // by block size
};

// The arena and the pools outlive every tensor, static ones included: they are never destroyed.
GuardedArena& arena() {
  static GuardedArena& it = *new GuardedArena;
  return it;
}
Pool& pool(Device device) {
  static Pool& host = *new Pool;
  static Pool& guarded = *new Pool;
  return device.kind() == Device::Kind::host ? host : guarded;
}
MemoryUse use;

/// Memory from the system; null if there is none. Large blocks ask for huge pages: rows gathered from all over a
/// graph then seldom miss the translation cache, and first touches are few.
void* allocate_host(std::int64_t bytes) {
  constexpr std::int64_t huge_page = std::int64_t(1) << 21;
  if (bytes < 2 * huge_page) return std::aligned_alloc(alignment, std::size_t(bytes));
  void* block = std::aligned_alloc(std::size_t(huge_page), std::size_t(round_up(bytes, huge_page)));
  if (block) madvise(block, std::size_t(round_up(bytes, huge_page)), MADV_HUGEPAGE);
  return block;
}

void* take(std::int64_t bytes, Device device) {
  auto& blocks = pool(device).idle[bytes];
  if (!blocks.empty()) {
    void* block = blocks.back();
    blocks.pop_back();
    return block;
  }
  ++use.system_allocations;
  if (device.kind() == Device::Kind::guarded) return arena().allocate(bytes);
  void* block = allocate_host(bytes);
  if (!block) {
    release_cached_memory();
    block = allocate_host(bytes);
  }
  require<DeviceError>(block != nullptr, "host: cannot allocate ", bytes, " bytes");
  return block;
}

}  // namespace

Buffer::Buffer(std::int64_t bytes, Device device) : bytes_(round_up(bytes, alignment)), device_(device) {
  if (bytes_ == 0) return;
  data_ = take(bytes_, device);
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
  pool(device_).idle[bytes_].push_back(data_);
}

MemoryUse memory_use() {
  MemoryUse now = use;
  now.system_allocations += scratch_allocations();
  return now;
}
void reset_memory_peak() { use.peak = use.live; }

void release_cached_memory() {
  for (auto& [bytes, blocks] : pool(Device::host()).idle) {
    for (void* block : blocks) std::free(block);
    blocks.clear();
  }
}

DeviceAccess::DeviceAccess(Device device) : device_(device) {
  if (device_.kind() == Device::Kind::guarded) arena().open();
}
DeviceAccess::~DeviceAccess() {
  if (device_.kind() == Device::Kind::guarded) arena().close();
}

}  // namespace halograph
