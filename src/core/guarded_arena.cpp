// SPDX-License-Identifier: BSD-3-Clause
// Every launch opens and closes all of the arena, so it asks for huge pages: closing a page costs the same whatever its
// size.
#include "core/guarded_arena.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <halograph/core/error.hpp>

#include "core/pages.hpp"

namespace halograph {
namespace {

constexpr std::int64_t capacity = std::int64_t(1) << 36;

void protect(void* at, std::int64_t bytes, bool readable) {
  if (bytes > 0) mprotect(at, std::size_t(bytes), readable ? PROT_READ | PROT_WRITE : PROT_NONE);
}

}  // namespace

void* GuardedArena::allocate(std::int64_t bytes) {
  if (!base_) reserve();
  bytes = round_up(bytes, sysconf(_SC_PAGESIZE));
  if (auto& same = released_[bytes]; !same.empty()) {
    void* block = same.back();
    same.pop_back();
    return block;
  }
  require<DeviceError>(used_ + bytes <= capacity, device_, " device: out of its ", capacity, " bytes");
  void* block = base_ + used_;
  used_ += bytes;
  if (open_ > 0) protect(base_, round_up(used_, huge_page), true);
  return block;
}

void GuardedArena::release(void* block, std::int64_t bytes) {
  bytes = round_up(bytes, sysconf(_SC_PAGESIZE));
  madvise(block, std::size_t(bytes), MADV_DONTNEED);
  released_[bytes].push_back(block);
}

void GuardedArena::open() {
  if (open_++ == 0) protect(base_, round_up(used_, huge_page), true);
}

void GuardedArena::close() {
  if (--open_ == 0) protect(base_, round_up(used_, huge_page), false);
}

void GuardedArena::reserve() {
  void* range =
      mmap(nullptr, std::size_t(capacity + huge_page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  require<DeviceError>(range != MAP_FAILED, device_, " device: cannot reserve ", capacity, " bytes of addresses");
  const std::int64_t misfit = std::int64_t(reinterpret_cast<std::uintptr_t>(range) % std::uintptr_t(huge_page));
  base_ = static_cast<char*>(range) + (huge_page - misfit) % huge_page;
  madvise(base_, std::size_t(capacity), MADV_HUGEPAGE);
}

}  // namespace halograph
