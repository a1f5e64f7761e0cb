// SPDX-License-Identifier: BSD-3-Clause
// How dense products of f32 numbers are formed. `exact`, the default, is one chain of fused multiply-adds per element,
// the same bits on every device. `tf32` and `bf16` round both factors first, to 10 or 7 bits of fraction, and add in
// f32: on `cuda` tensor cores do so, in an order of their own; everywhere else it is the exact chain of the rounded
// factors.
//
// All of them are independent of ranks and threads and of where a row stands, but the faster ones give other bits on
// cuda than on the host. They apply to products with weights, forward and for the gradients of inputs; gradients of
// weights stay exact, and so does f64. Networks run layer by layer instead of fused.
#pragma once

#include <cstdint>
#include <string_view>

namespace halograph {

enum class ProductMode : std::uint8_t { exact, tf32, bf16 };

/// The mode of this process: the environment's HALOGRAPH_PRODUCTS, otherwise exact; set_product_mode overrides it. All
/// ranks have to agree on it.
ProductMode product_mode();
void set_product_mode(ProductMode mode);

/// "exact", "tf32" or "bf16".
std::string_view name_of(ProductMode mode);

/// Inverse of name_of. Throws UsageError for any other word.
ProductMode parse_product_mode(std::string_view word);

}  // namespace halograph
