// SPDX-License-Identifier: BSD-3-Clause
#include "core/transfer.hpp"

#include <cstring>

#include <kernels/runtime.hpp>

#include "core/views.hpp"

namespace halograph {
namespace {

using kernels::In;
using kernels::Out;

std::int64_t bytes_of(const In& view) { return view.rows * view.cols * std::int64_t(size_of(view.type)); }
bool is_contiguous(const In& view) { return view.stride == view.cols || view.rows <= 1; }

/// A contiguous matrix on the device or the host, with the memory it stands in.
struct Staged {
  Buffer buffer;
  Out view;
  Staged(const In& like, DType type, Device device)
      : buffer(like.rows * like.cols * std::int64_t(size_of(type)), device),
        view{buffer.data(), type, like.rows, like.cols, like.cols} {}
};

void upload_bytes(void* to, const void* from, std::int64_t bytes, Device device) {
  if (bytes == 0) return;
  if (const auto* runtime = kernels::runtime_of(device)) return runtime->upload(to, from, bytes);
  const DeviceAccess access(device);
  std::memcpy(to, from, std::size_t(bytes));
}

void download_bytes(void* to, const void* from, std::int64_t bytes, Device device) {
  if (bytes == 0) return;
  if (const auto* runtime = kernels::runtime_of(device)) {
    runtime->download(to, from, bytes);
    return runtime->synchronize();
  }
  const DeviceAccess access(device);
  std::memcpy(to, from, std::size_t(bytes));
}

}  // namespace

void upload(const Buffer& to, const void* from, std::int64_t bytes) {
  upload_bytes(to.data(), from, bytes, to.device());
}

void download(void* to, const Buffer& from, std::int64_t bytes) {
  download_bytes(to, from.data(), bytes, from.device());
}

void copy(const Tensor& from, const Tensor& to) {
  if (from.device() == to.device()) return kernels::table(to.device()).copy(in(from), out(to));
  if (from.device() == Device::host()) return upload(in(from), out(to), to.device());
  if (to.device() == Device::host()) return download(in(from), from.device(), out(to));
  const Tensor between = Tensor::empty(from.rows(), from.cols(), from.dtype(), nullptr, Device::host());
  copy(from, between);
  copy(between, to);
}

Tensor copy_of(const Tensor& x) {
  const Tensor result = Tensor::empty(x.rows(), x.cols(), x.dtype(), x.row_space(), x.device());
  copy(x, result);
  return result;
}

// Numeric types are converted on the host and strides followed on the device, so that what travels is contiguous.
void upload(const In& host, const Out& to, Device device) {
  if (device.host_readable()) return kernels::table(device).copy(host, to);
  if (!is_contiguous(host) || host.type != to.type) {
    const Staged packed(host, to.type, Device::host());
    kernels::table(Device::host()).copy(host, packed.view);
    return upload(packed.view, to, device);
  }
  if (is_contiguous(to)) return upload_bytes(to.data, host.data, bytes_of(host), device);
  const Staged packed(host, to.type, device);
  upload_bytes(packed.view.data, host.data, bytes_of(host), device);
  kernels::table(device).copy(packed.view, to);
}

void download(const In& from, Device device, const Out& host) {
  if (device.host_readable()) return kernels::table(device).copy(from, host);
  if (!is_contiguous(from)) {
    const Staged packed(from, from.type, device);
    kernels::table(device).copy(from, packed.view);
    return download(packed.view, device, host);
  }
  if (is_contiguous(host) && from.type == host.type)
    return download_bytes(host.data, from.data, bytes_of(from), device);
  const Staged packed(from, from.type, Device::host());
  download_bytes(packed.view.data, from.data, bytes_of(from), device);
  kernels::table(Device::host()).copy(packed.view, host);
}

}  // namespace halograph
