// SPDX-License-Identifier: BSD-3-Clause
// Where a tensor's memory lives and where its kernels run. `cuda` and `hip` are GPUs; a process uses one device, and
// everything it does there happens in the order in which it was asked for. Two more are for tests without a GPU:
// `guarded` is the host in the role of a device, its memory protected outside kernel launches and copies, so that
// a stray host read faults; `emulated` runs the GPUs' own kernels on the host, blocks, threads, shared memory and
// barriers, on memory protected in the same way, as late as a GPU might.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace halograph {

/// A device by kind; a value.
class Device {
 public:
  enum class Kind : std::uint8_t { host, guarded, emulated, cuda, hip };

  constexpr Device() = default;
  static constexpr Device host() { return Device(Kind::host); }
  static constexpr Device guarded() { return Device(Kind::guarded); }
  static constexpr Device emulated() { return Device(Kind::emulated); }
  static constexpr Device cuda() { return Device(Kind::cuda); }
  static constexpr Device hip() { return Device(Kind::hip); }

  /// By name. Throws UsageError for any other word, and for a device that this library was built without.
  static Device parse(std::string_view word);

  /// The same, but the host, with one line on standard error, where a device is built in and not there: no driver, no
  /// GPU. The bits are the same.
  static Device find(std::string_view word);

  /// The device that new tensors use: what find() makes of the environment's HALOGRAPH_DEVICE, otherwise the host;
  /// set_preferred overrides it.
  static Device preferred();
  static void set_preferred(Device device);

  constexpr Kind kind() const { return kind_; }
  std::string_view name() const;

  /// Whether the host may dereference pointers into this device's memory at any time.
  constexpr bool host_readable() const { return kind_ == Kind::host; }

  friend constexpr bool operator==(Device, Device) = default;

 private:
  constexpr explicit Device(Kind kind) : kind_(kind) {}
  Kind kind_ = Kind::host;
};

/// Every kind, whether or not it is built in and there.
std::span<const Device> all_devices();

/// Whether this library has kernels for the device and the device is there; if not, `why` says what is missing.
bool available(Device device, std::string* why = nullptr);

/// Which of several GPUs this process takes: number `local_rank` of them, from the first again if there are more
/// processes than GPUs. To be called before the first use of the device; Runtime does so with the rank on the machine.
/// Where nobody calls it, halograph takes the GPU that is current.
void set_local_rank(int local_rank);

/// The device for people: make, number, memory. Throws DeviceError if it is not available.
std::string describe(Device device);

/// Waits until the device has done all it was asked for. Reading values does so by itself; clocks need it.
void synchronize(Device device);

/// The instruction set that host kernels were chosen for: "portable", "avx2" or "avx512". The
/// environment's HALOGRAPH_ISA can ask for a lower one; the bits of all results are the same.
std::string_view instruction_set();

/// Opens a device's memory to the host for its lifetime. Scopes nest. Needed around kernels and
/// copies only; a no-op for Device::host().
class DeviceAccess {
 public:
  explicit DeviceAccess(Device device);
  ~DeviceAccess();
  DeviceAccess(const DeviceAccess&) = delete;
  DeviceAccess& operator=(const DeviceAccess&) = delete;

 private:
  Device device_;
};

/// A block of device memory, 64-byte aligned, contents undefined. Freed blocks are kept for later ones of about the
/// same size, in eight sizes between a power of two and the next: a training step repeats its shapes. What lies idle is
/// at most 16 MiB or twice the most that was in use recently, whichever is more; beyond it the longest unused go back.
class Buffer {
 public:
  Buffer(std::int64_t bytes, Device device);
  /// Refers to memory that the caller owns and keeps alive.
  static std::shared_ptr<Buffer> borrow(void* data, std::int64_t bytes, Device device);
  ~Buffer();
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  void* data() const { return data_; }
  std::int64_t bytes() const { return bytes_; }
  Device device() const { return device_; }

 private:
  Buffer() = default;
  void* data_ = nullptr;
  std::int64_t bytes_ = 0;
  Device device_;
  bool owned_ = true;
};

/// Bytes in use by tensors, the most there have been since the last reset, bytes of freed blocks that are kept, and the
/// number of blocks taken from the system so far, scratch memory of kernels included.
struct MemoryUse {
  std::int64_t live = 0;
  std::int64_t peak = 0;
  std::int64_t cached = 0;
  std::int64_t system_allocations = 0;
};
MemoryUse memory_use();
void reset_memory_peak();

/// Gives the blocks kept for reuse back to the system, and to the device.
void release_cached_memory();

}  // namespace halograph
