// SPDX-License-Identifier: BSD-3-Clause
// A tensor with the name under which it is saved and loaded, and the axes that it has in files. A Tensor is a matrix;
// files and other programs know any number of axes. Leading axes are folded into the rows: [L, C, D] in a file is
// [L * C, D] here, [C] is [1, C], and a single number is [1, 1]. The order of the values is the same.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph {

/// The axes of a tensor in files.
class Axes {
 public:
  /// [rows, cols], or [cols] for a vector.
  Axes(bool vector = false) : vector_(vector) {}
  /// Any others with as many elements as the tensor: `{1, heads, channels}`.
  Axes(std::initializer_list<std::int64_t> extents) : extents_(extents) {}
  /// Likewise. No extents at all are a single number.
  explicit Axes(std::vector<std::int64_t> extents) : extents_(std::move(extents)) {}

  /// All extents, given the tensor.
  std::vector<std::int64_t> of(const Tensor& value) const;

 private:
  bool vector_ = false;
  std::optional<std::vector<std::int64_t>> extents_;
};

/// Rows and columns of the matrix that axes are folded into. Their product must be representable.
std::pair<std::int64_t, std::int64_t> folded(const std::vector<std::int64_t>& extents);

/// "[2, 3]", for messages.
std::string text_of(const std::vector<std::int64_t>& extents);

struct NamedTensor {
  std::string name;
  Tensor value;  ///< replicated
  Axes axes{};
};

}  // namespace halograph
