// SPDX-License-Identifier: BSD-3-Clause
// Memory, copies and order on a GPU, for CUDA and HIP.
#include <kernels/runtime.hpp>

#include <array>
#include <string>

#include <halograph/core/error.hpp>
#include <kernels/launch/gpu_api.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

void register_all(Table& table);
void register_search(SearchTable& table);

namespace {

#if defined(__HIPCC__)
constexpr const char* device_name = "hip";
using DeviceProperties = hipDeviceProp_t;
#else
constexpr const char* device_name = "cuda";
using DeviceProperties = cudaDeviceProp;
#endif

int open_device = -1;
GPU(Stream_t) the_stream = nullptr;
std::int64_t shared_bytes = 0;

int count(std::string* why_none) {
  int n = 0;
  const GPU(Error_t) result = GPU(GetDeviceCount)(&n);
  if (result == GPU(Success) && n > 0) return n;
  (void)GPU(GetLastError)();  // it would be taken for that of the next call
  if (why_none) *why_none = result == GPU(Success) ? "no GPU" : GPU(GetErrorString)(result);
  return 0;
}

void open(int index) {
  if (index < 0) check(GPU(GetDevice)(&index), "asking for the current device");
  check(GPU(SetDevice)(index), "choosing a device");
  // The host sleeps while it waits: ranks often share cores.
  const GPU(Error_t) result = GPU(SetDeviceFlags)(GPU(DeviceScheduleBlockingSync));
  if (result != GPU(Success)) (void)GPU(GetLastError)();  // the program had set its own
  check(GPU(StreamCreateWithFlags)(&the_stream, GPU(StreamNonBlocking)), "making a stream");
  int bytes = 0;
#if defined(__HIPCC__)
  check(hipDeviceGetAttribute(&bytes, hipDeviceAttributeMaxSharedMemoryPerBlock, index), "asking for shared memory");
#else
  check(cudaDeviceGetAttribute(&bytes, cudaDevAttrMaxSharedMemoryPerBlockOptin, index), "asking for shared memory");
#endif
  shared_bytes = bytes;
  open_device = index;
}

std::string describe() {
  DeviceProperties properties;
  check(GPU(GetDeviceProperties)(&properties, open_device), "asking for properties");
  return cat(device_name, ": ", properties.name, ", number ", open_device, ", ", properties.totalGlobalMem >> 20,
             " MiB, ", properties.multiProcessorCount, " multiprocessors");
}

/// Null where the device has no room, which is no error yet.
void* block_or_null(GPU(Error_t) result, void* block, const char* doing) {
  if (result == GPU(Success)) return block;
  (void)GPU(GetLastError)();
  if (result != GPU(ErrorMemoryAllocation)) check(result, doing);
  return nullptr;
}

void* allocate(std::int64_t bytes) {
  void* block = nullptr;
  return block_or_null(GPU(Malloc)(&block, std::size_t(bytes)), block, "allocating memory");
}

void* allocate_pinned(std::int64_t bytes) {
  void* block = nullptr;
#if defined(__HIPCC__)
  const GPU(Error_t) result = hipHostMalloc(&block, std::size_t(bytes), hipHostMallocDefault);
#else
  const GPU(Error_t) result = cudaHostAlloc(&block, std::size_t(bytes), cudaHostAllocDefault);
#endif
  return block_or_null(result, block, "allocating pinned memory");
}

// At the end of a program the driver may be gone before the last block.
void release(void* block) { (void)GPU(Free)(block); }
void release_pinned(void* block) {
#if defined(__HIPCC__)
  (void)hipHostFree(block);
#else
  (void)cudaFreeHost(block);
#endif
}

bool recording = false;

/// A graph would read the host's memory whenever it is replayed, and nothing that is recorded has a result yet.
void require_not_recording() {
  require<DeviceError>(!recording, device_name, " device: work that is recorded needs the host");
}

void upload(void* to, const void* from, std::int64_t bytes) {
  require_not_recording();
  check(GPU(MemcpyAsync)(to, from, std::size_t(bytes), GPU(MemcpyHostToDevice), the_stream), "copying to the device");
}

void download(void* to, const void* from, std::int64_t bytes) {
  require_not_recording();
  check(GPU(MemcpyAsync)(to, from, std::size_t(bytes), GPU(MemcpyDeviceToHost), the_stream), "copying from the device");
}

void synchronize() {
  require_not_recording();
  check(GPU(StreamSynchronize)(the_stream), "work on the device");
}

/// A mark is a number that only grows; its event is used again some marks later, which then stands for all before it.
constexpr std::int64_t n_events = 64;
std::array<GPU(Event_t), n_events> events{};
std::int64_t marks = 0;

std::int64_t mark() {
  GPU(Event_t)& event = events[std::size_t(marks % n_events)];
  if (!event)
    check(GPU(EventCreateWithFlags)(&event, GPU(EventDisableTiming) | GPU(EventBlockingSync)), "making an event");
  check(GPU(EventRecord)(event, the_stream), "recording an event");
  return ++marks;
}

void wait(std::int64_t mark) {
  if (mark <= 0) return;
  check(GPU(EventSynchronize)(events[std::size_t((mark - 1) % n_events)]), "work on the device");
}

// Relaxed: memory may be allocated meanwhile.
void begin_recording() {
  require_not_recording();
  check(GPU(StreamBeginCapture)(the_stream, GPU(StreamCaptureModeRelaxed)), "beginning to record");
  recording = true;
}

void* end_recording() {
  recording = false;
  GPU(Graph_t) graph = nullptr;
  GPU(GraphExec_t) work = nullptr;
  if (GPU(StreamEndCapture)(the_stream, &graph) != GPU(Success) || !graph) {
    (void)GPU(GetLastError)();
    return nullptr;
  }
  const GPU(Error_t) result = GPU(GraphInstantiate)(&work, graph, nullptr, nullptr, 0);
  (void)GPU(GraphDestroy)(graph);
  check(result, "making a graph of what was recorded");
  return work;
}

void replay(void* recorded) {
  require_not_recording();
  check(GPU(GraphLaunch)(static_cast<GPU(GraphExec_t)>(recorded), the_stream), "launching a graph");
}

void release_recorded(void* recorded) { (void)GPU(GraphExecDestroy)(static_cast<GPU(GraphExec_t)>(recorded)); }

}  // namespace

void check(GPU(Error_t) result, const char* doing) {
  if (result != GPU(Success))
    throw DeviceError(cat(device_name, " device: ", doing, " failed: ", GPU(GetErrorString)(result)));
}

GPU(Stream_t) stream() { return the_stream; }
std::int64_t shared_memory_limit() { return shared_bytes; }

const DeviceRuntime& runtime() {
  static const DeviceRuntime table{
      count,           open,          describe, allocate,         release,      allocate_pinned,
      release_pinned,  upload,        download, synchronize,      mark,         wait,
      begin_recording, end_recording, replay,   release_recorded, register_all, register_search};
  return table;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
