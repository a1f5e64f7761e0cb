// SPDX-License-Identifier: BSD-3-Clause
// Arrays of a raw kernel task on any device, the host included: the same task is run on two of them and all bytes of
// what they wrote are compared.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/dtype.hpp>
#include <kernels/kernels.hpp>

#include "core/transfer.hpp"

namespace halograph::testing {

/// The devices whose kernels run on blocks of threads, as far as this library was built with them and they are here.
inline std::vector<Device> block_devices() {
  std::vector<Device> devices;
  for (const Device device : {Device::emulated(), Device::cuda(), Device::hip()})
    if (available(device)) devices.push_back(device);
  return devices;
}

/// Rows of `cols` numbers with gaps between them, the first one `shift` numbers behind a round address.
template <class T>
struct Spread {
  std::int64_t rows, cols, gap = 0, shift = 0;
  std::int64_t stride() const { return cols + gap; }
  std::int64_t size() const { return shift + rows * stride(); }
};

class DeviceArrays {
 public:
  explicit DeviceArrays(Device device) : device_(device) {}
  Device device() const { return device_; }
  const kernels::Table& table() const { return kernels::table(device_); }

  /// A copy on the device; null for no elements.
  template <class V>
  V* put(const std::vector<V>& values) {
    if (values.empty()) return nullptr;
    const std::int64_t bytes = std::int64_t(values.size() * sizeof(V));
    memory_.push_back({std::make_unique<Buffer>(bytes, device_), bytes});
    upload(*memory_.back().buffer, values.data(), bytes);
    return static_cast<V*>(memory_.back().buffer->data());
  }
  template <class T>
  kernels::Out put(const std::vector<T>& values, const Spread<T>& shape) {
    T* first = put(values);
    return {first ? first + shape.shift : nullptr, dtype_of<T>(), shape.rows, shape.cols, shape.stride()};
  }
  /// All of what `data`, that put() returned, points to.
  template <class V>
  std::vector<V> get(const V* data) const {
    std::vector<V> values;
    for (const Block& block : memory_)
      if (block.buffer->data() == data) {
        values.resize(std::size_t(block.bytes) / sizeof(V));
        download(values.data(), *block.buffer, block.bytes);
      }
    return values;
  }

 private:
  struct Block {
    std::unique_ptr<Buffer> buffer;
    std::int64_t bytes;  ///< of the values; the buffer may have more
  };
  Device device_;
  std::vector<Block> memory_;
};

}  // namespace halograph::testing
