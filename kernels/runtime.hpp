// SPDX-License-Identifier: BSD-3-Clause
// What a device does besides kernels: memory, copies and order. One table a kind of device, filled by the back end that
// was compiled for it (kernels/device/runtime.cpp for CUDA and HIP, src/core/emulation.cpp). All work of a process is
// on one device, in one order: kernels and copies are enqueued and done one after the other. Functions throw
// DeviceError naming the device and what failed.
#pragma once

#include <cstdint>
#include <string>

#include <kernels/kernels.hpp>

namespace halograph::kernels {

struct SearchTable;

struct DeviceRuntime {
  /// Devices that this process can use, and why there is none. Never throws; the only call where there is none.
  int (*count)(std::string* why_none);
  /// Chooses the device of this process, once, before anything else; -1: the one that is current.
  void (*open)(int index);
  /// Make, index and memory, for people.
  std::string (*describe)();

  /// Null if there is no room.
  void* (*allocate)(std::int64_t bytes);
  /// Waits for the work that may still use the block.
  void (*release)(void* block);
  /// Host memory that copies may use while the host goes on.
  void* (*allocate_pinned)(std::int64_t bytes);
  void (*release_pinned)(void* block);

  /// Enqueued. Host memory that is not pinned may be reused at once.
  void (*upload)(void* to, const void* from, std::int64_t bytes);
  /// Enqueued: the values are there after synchronize() or wait().
  void (*download)(void* to, const void* from, std::int64_t bytes);
  /// Waits for everything enqueued.
  void (*synchronize)();
  /// A place in the order of work, and waiting until all before it is done.
  std::int64_t (*mark)();
  void (*wait)(std::int64_t mark);

  /// What is enqueued between the two is recorded and not done; the result is null if something could not be
  /// recorded. Whatever needs the host throws DeviceError in between.
  void (*begin_recording)();
  void* (*end_recording)();
  void (*replay)(void* recorded);
  void (*release_recorded)(void* recorded);

  void (*fill_table)(Table& table);
  void (*fill_search)(SearchTable& table);
};

/// That of a kind of device; null if this library was built without it, or for devices that are the host itself.
const DeviceRuntime* runtime_of(Device device);

/// The same, opened; throws DeviceError where there is no such device.
const DeviceRuntime& open_runtime(Device device);

}  // namespace halograph::kernels
