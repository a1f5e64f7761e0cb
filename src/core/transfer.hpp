// SPDX-License-Identifier: BSD-3-Clause
// Values between host memory and a device. All of them are done when the call returns, unless they say otherwise; where
// the device is the host they are plain copies.
#pragma once

#include <cstdint>

#include <halograph/core/device.hpp>
#include <halograph/core/tensor.hpp>
#include <kernels/kernels.hpp>

namespace halograph {

/// The first `bytes` of a buffer.
void upload(const Buffer& to, const void* from, std::int64_t bytes);
void download(void* to, const Buffer& from, std::int64_t bytes);

/// Copies values between tensors of one shape, wherever each of them lives and whatever its numeric type and stride.
void copy(const Tensor& from, const Tensor& to);

/// Returns a copy without gaps between rows, on the same device and rows, off the tape.
Tensor copy_of(const Tensor& x);

/// Matrices of any stride, converted between numeric types. `host` is in host memory, the other one on `device`.
void upload(const kernels::In& host, const kernels::Out& to, Device device);
void download(const kernels::In& from, Device device, const kernels::Out& host);

}  // namespace halograph
