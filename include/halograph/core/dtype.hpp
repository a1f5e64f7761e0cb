// SPDX-License-Identifier: BSD-3-Clause
// Numeric types of tensors. The type is a run-time value: one library, one ABI, and the
// configuration of a run chooses the precision.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace halograph {

enum class DType { f32, f64 };

/// Bytes of one element.
constexpr std::size_t size_of(DType type) { return type == DType::f32 ? 4 : 8; }

/// "f32" or "f64".
constexpr std::string_view name_of(DType type) { return type == DType::f32 ? "f32" : "f64"; }

/// Inverse of name_of. Throws UsageError for any other word.
DType parse_dtype(std::string_view word);

/// The run-time value of a compile-time type.
template <class T>
constexpr DType dtype_of();
template <>
constexpr DType dtype_of<float>() {
  return DType::f32;
}
template <>
constexpr DType dtype_of<double>() {
  return DType::f64;
}

/// Calls `body(T{})` with T = float or double: the one switch over dtypes outside the kernels.
template <class Body>
decltype(auto) with_dtype(DType type, Body&& body) {
  return type == DType::f32 ? body(float{}) : body(double{});
}

}  // namespace halograph
