// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/dtype.hpp>

#include <halograph/core/error.hpp>

namespace halograph {

DType parse_dtype(std::string_view word) {
  if (word == "f32") return DType::f32;
  if (word == "f64") return DType::f64;
  throw UsageError(cat("dtype '", word, "' is not one of f32, f64"));
}

}  // namespace halograph
