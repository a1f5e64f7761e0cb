// SPDX-License-Identifier: BSD-3-Clause
#include "core/emulation.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include <halograph/core/error.hpp>
#include <kernels/host/candidates.hpp>
#include <kernels/launch/emulation.hpp>
#include <kernels/launch/tasks.hpp>

#include "core/guarded_arena.hpp"
#include "core/scratch.hpp"

namespace halograph {
namespace {

/// A launch, or a copy where run is null.
struct Work {
  void (*run)(const void* body, std::int64_t index, unsigned char* shared, int order) = nullptr;
  std::vector<unsigned char> bytes;  ///< of the body, or of a source that may be gone
  std::int64_t blocks = 0, shared_bytes = 0;
  void* to = nullptr;
  const void* from = nullptr;
  std::int64_t count = 0;
};

GuardedArena& arena() {
  static GuardedArena& it = *new GuardedArena("emulated");
  return it;
}

std::vector<Work>& queue() {
  static std::vector<Work>& it = *new std::vector<Work>;
  return it;
}
std::int64_t enqueued = 0, done = 0;

/// The arena open to the host.
struct Access {
  Access() { arena().open(); }
  ~Access() { arena().close(); }
};

/// Every block stands between two fences: a kernel that writes beside its memory leaves a trace.
constexpr std::int64_t fence_bytes = 64;
constexpr unsigned char fence = 0xA5;
std::vector<std::pair<unsigned char*, std::int64_t>>& blocks() {
  static auto& it = *new std::vector<std::pair<unsigned char*, std::int64_t>>;
  return it;
}

void* allocate(std::int64_t bytes) {
  const Access access;
  auto* begin = static_cast<unsigned char*>(arena().allocate(bytes + 2 * fence_bytes));
  std::memset(begin, fence, fence_bytes);
  std::memset(begin + fence_bytes + bytes, fence, fence_bytes);
  blocks().emplace_back(begin + fence_bytes, bytes);
  return begin + fence_bytes;
}

void synchronize();

void release(void* block) {
  synchronize();
  const auto found = std::find_if(blocks().begin(), blocks().end(), [&](const auto& b) { return b.first == block; });
  arena().release(found->first - fence_bytes, found->second + 2 * fence_bytes);
  blocks().erase(found);
}

/// Says so once.
void check_fences() {
  for (const auto& [block, bytes] : blocks()) {
    bool whole = true;
    for (std::int64_t i = 0; i < fence_bytes; ++i)
      for (unsigned char* at : {block + i - fence_bytes, block + bytes + i})
        whole = std::exchange(*at, fence) == fence && whole;
    require<DeviceError>(whole, "emulated: a kernel wrote beside a block of ", bytes, " bytes");
  }
}

int thread_order() {
  static const int order = [] {
    const char* wish = std::getenv("HALOGRAPH_EMULATED_ORDER");
    const std::string_view word = wish ? wish : "ascending";
    if (word == "ascending") return 0;
    if (word == "descending") return 1;
    require<Error>(word == "mixed", "HALOGRAPH_EMULATED_ORDER='", word, "' is not one of ascending, descending, mixed");
    return 2;
  }();
  return order;
}

void run(const Work& work) {
  if (!work.run) {
    std::memcpy(work.to, work.from ? work.from : work.bytes.data(), std::size_t(work.count));
    return;
  }
  run_tasks(
      work.blocks,
      [](void* context, std::int64_t index) {
        const Work& w = *static_cast<const Work*>(context);
        constexpr int shared_slot = 0;
        auto* shared = static_cast<unsigned char*>(scratch(emulated_shared_bytes, shared_slot));
        std::memset(shared, 0xFF, std::size_t(w.shared_bytes));
        w.run(w.bytes.data(), index, shared, thread_order());
      },
      const_cast<Work*>(&work));
}

/// Pinned blocks and where they end.
std::map<const unsigned char*, const unsigned char*>& pinned() {
  static auto& it = *new std::map<const unsigned char*, const unsigned char*>;
  return it;
}

bool is_pinned(const void* address) {
  const auto* at = static_cast<const unsigned char*>(address);
  const auto after = pinned().upper_bound(at);
  return after != pinned().begin() && at < std::prev(after)->second;
}

bool recording = false;
std::vector<Work> recorded_work;

void require_not_recording() {
  require<DeviceError>(!recording, "emulated device: work that is recorded needs the host");
}

void enqueue(Work work) {
  if (recording) return recorded_work.push_back(std::move(work));
  queue().push_back(std::move(work));
  ++enqueued;
}

void synchronize() {
  require_not_recording();
  if (queue().empty()) return;
  const Access access;
  const std::vector<Work> now = std::exchange(queue(), {});
  for (const Work& work : now) run(work);
  done = enqueued;
  check_fences();
}

void upload(void* to, const void* from, std::int64_t bytes) {
  require_not_recording();
  Work work;
  const auto* source = static_cast<const unsigned char*>(from);
  if (is_pinned(from)) work.from = from;
  else work.bytes.assign(source, source + bytes);
  work.to = to;
  work.count = bytes;
  enqueue(std::move(work));
}

void download(void* to, const void* from, std::int64_t bytes) {
  require_not_recording();
  Work work;
  work.to = to;
  work.from = from;
  work.count = bytes;
  enqueue(std::move(work));
}

std::int64_t mark() { return enqueued; }
void wait(std::int64_t mark) {
  if (done < mark) synchronize();
}

void begin_recording() {
  require_not_recording();
  recording = true;
}
void* end_recording() {
  recording = false;
  return new std::vector<Work>(std::exchange(recorded_work, {}));
}
void replay(void* work) {
  require_not_recording();
  for (const Work& one : *static_cast<std::vector<Work>*>(work)) enqueue(one);
}
void release_recorded(void* work) { delete static_cast<std::vector<Work>*>(work); }

/// Where there are instruction sets to choose from, emulated kernels are compiled for avx2.
int count(std::string* why_none) {
  for (const kernels::HostKernels& candidate : kernels::host_candidates())
    if (candidate.name == "avx2" && !candidate.runs_here) {
      if (why_none) *why_none = "the processor has no AVX2";
      return 0;
    }
  return 1;
}

void* allocate_pinned(std::int64_t bytes) {
  void* block = std::aligned_alloc(64, std::size_t((bytes + 63) / 64 * 64));
  if (block) pinned()[static_cast<unsigned char*>(block)] = static_cast<unsigned char*>(block) + bytes;
  return block;
}

void release_pinned(void* block) {
  synchronize();
  pinned().erase(static_cast<unsigned char*>(block));
  std::free(block);
}

}  // namespace

void emulate_blocks(void (*run)(const void* body, std::int64_t index, unsigned char* shared, int order),
                    const void* body, std::int64_t body_bytes, std::int64_t blocks, std::int64_t shared_bytes) {
  require<DeviceError>(shared_bytes <= emulated_shared_bytes, "emulated: a block wants ", shared_bytes,
                       " bytes of shared memory, there are ", emulated_shared_bytes);
  Work work;
  work.run = run;
  const auto* source = static_cast<const unsigned char*>(body);
  work.bytes.assign(source, source + body_bytes);
  work.blocks = blocks;
  work.shared_bytes = shared_bytes;
  enqueue(std::move(work));
  // A bound on what waits: nothing may depend on when work is done.
  if (!recording && queue().size() >= 256) synchronize();
}

namespace kernels::emulated {
void register_all(Table& table);
void register_search(SearchTable& table);
}  // namespace kernels::emulated

const kernels::DeviceRuntime& emulated_runtime() {
  static const kernels::DeviceRuntime runtime{
      .count = count,
      .open = [](int) { thread_order(); },  // here, and not on a worker: it throws
      .describe = [] { return std::string("emulated: blocks of threads on the host"); },
      .allocate = allocate,
      .release = release,
      .allocate_pinned = allocate_pinned,
      .release_pinned = release_pinned,
      .upload = upload,
      .download = download,
      .synchronize = synchronize,
      .mark = mark,
      .wait = wait,
      .begin_recording = begin_recording,
      .end_recording = end_recording,
      .replay = replay,
      .release_recorded = release_recorded,
      .fill_table = kernels::emulated::register_all,
      .fill_search = kernels::emulated::register_search,
  };
  return runtime;
}

}  // namespace halograph
