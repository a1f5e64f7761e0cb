// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/precision.hpp>

#include <cstdlib>
#include <optional>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

constexpr ProductMode all[] = {ProductMode::exact, ProductMode::tf32, ProductMode::bf16};
std::optional<ProductMode> chosen;

ProductMode from_environment() {
  const char* wish = std::getenv("HALOGRAPH_PRODUCTS");
  if (!wish || !*wish) return ProductMode::exact;
  try {
    return parse_product_mode(wish);
  } catch (const UsageError& error) {
    throw Error(cat("HALOGRAPH_PRODUCTS: ", error.what()));
  }
}

}  // namespace

ProductMode product_mode() {
  if (!chosen) chosen = from_environment();
  return *chosen;
}

void set_product_mode(ProductMode mode) { chosen = mode; }

std::string_view name_of(ProductMode mode) {
  return mode == ProductMode::exact ? "exact" : mode == ProductMode::tf32 ? "tf32" : "bf16";
}

ProductMode parse_product_mode(std::string_view word) {
  for (const ProductMode mode : all)
    if (word == name_of(mode)) return mode;
  throw UsageError(cat("product mode '", word, "' is not one of exact, tf32, bf16"));
}

}  // namespace halograph
