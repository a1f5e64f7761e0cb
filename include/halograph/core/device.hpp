// SPDX-License-Identifier: BSD-3-Clause
// Where a tensor's memory lives and where its kernels run. `guarded` is the host in the role of a
// device: its memory is protected outside kernel launches and copies, so that a stray host read
// faults in a plain test run, without a GPU.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace halograph {

/// A device by kind; a value.
class Device {
 public:
  enum class Kind : std::uint8_t { host, guarded };

  constexpr Device() = default;
  static constexpr Device host() { return Device(Kind::host); }
  static constexpr Device guarded() { return Device(Kind::guarded); }

  /// "host" or "guarded". Throws UsageError for any other word.
  static Device parse(std::string_view word);

  /// The device that new tensors use: the environment's HALOGRAPH_DEVICE, otherwise the host;
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

/// A block of device memory, 64-byte aligned, contents undefined. Freed blocks are kept for the
/// next allocation of the same size: a training step repeats its shapes.
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

/// Bytes in use by tensors, the most there have been since the last reset, and the number of
/// blocks taken from the system so far, scratch memory of kernels included.
struct MemoryUse {
  std::int64_t live = 0;
  std::int64_t peak = 0;
  std::int64_t system_allocations = 0;
};
MemoryUse memory_use();
void reset_memory_peak();

/// Gives the blocks kept for reuse back to the system.
void release_cached_memory();

}  // namespace halograph
