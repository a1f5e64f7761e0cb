// SPDX-License-Identifier: BSD-3-Clause
// Work of a device, recorded once and then done again as a whole: a training step whose shapes repeat is one launch
// instead of hundreds (a CUDA or HIP graph). What is recorded reads and writes the same memory every time; new inputs
// are copied into the tensors that it read.
#pragma once

#include <functional>
#include <memory>

#include <halograph/core/device.hpp>

namespace halograph {

class BlockPool;

class Capture {
 public:
  /// Whether work on this device can be recorded. The host has nothing to save.
  static bool supported(Device device);

  explicit Capture(Device device);
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;

  /// Runs body() and records what it asks of the device, which is not done yet. The body must not wait for values, take
  /// values from the host or send messages, and has to complete pending tensors: DeviceError otherwise, and nothing is
  /// recorded. Tensors made in the body keep their memory for as long as this object or they live.
  void record(const std::function<void()>& body);

  /// Does the recorded work once more, in the order of other work. Needs a record().
  void replay();

 private:
  Device device_;
  std::shared_ptr<BlockPool> pool_;
  void* work_ = nullptr;
};

}  // namespace halograph
