// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/named_tensor.hpp>

namespace halograph {

std::vector<std::int64_t> Axes::of(const Tensor& value) const {
  if (extents_) return *extents_;
  if (vector_) return {value.cols()};
  return {value.rows(), value.cols()};
}

std::pair<std::int64_t, std::int64_t> folded(const std::vector<std::int64_t>& extents) {
  std::int64_t rows = 1;
  for (std::size_t i = 0; i + 1 < extents.size(); ++i) rows *= extents[i];
  return {rows, extents.empty() ? 1 : extents.back()};
}

std::string text_of(const std::vector<std::int64_t>& extents) {
  std::string text = "[";
  for (std::size_t i = 0; i < extents.size(); ++i) text += (i ? ", " : "") + std::to_string(extents[i]);
  return text + "]";
}

}  // namespace halograph
