// SPDX-License-Identifier: BSD-3-Clause
// Raw tasks of the kernel `linear` of any shape, to be run on any device.
#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <halograph/core/error.hpp>

#include "tests/support/device_arrays.hpp"
#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {

struct LinearProblem {
  std::int64_t rows = 0, cols = 0;
  std::vector<std::int64_t> inputs;  ///< columns of each
  std::int64_t gap = 0, shift = 0;   ///< of all matrices
  bool transposed = false, bias = false, start = false, strange = false;
  kernels::Unary activation = kernels::Unary::identity;
  std::vector<std::int32_t> blocks;

  std::int64_t depth() const {
    std::int64_t sum = 0;
    for (const std::int64_t c : inputs) sum += c;
    return sum;
  }
  std::string name() const {
    std::string text = cat("[", rows, ", ", cols, "] from");
    for (const std::int64_t c : inputs) text += cat(" ", c);
    return cat(text, ", gap ", gap, ", shift ", shift, ", transposed ", transposed, ", activation ", int(activation),
               ", start ", start);
  }
};

/// Numbers of several magnitudes with zeros of either sign among them; if `strange`, infinities and NaNs too.
template <class T>
std::vector<T> linear_numbers(std::int64_t n, std::uint64_t salt, bool strange) {
  std::vector<T> values;
  for (std::int64_t i = 0; i < n; ++i) {
    const std::uint64_t bits = mix((salt << 40) + std::uint64_t(i));
    double value = (double(bits >> 11) * 0x1p-52 - 1) * std::exp2(double(bits % 5) - 3);
    if (bits % 19 == 0) value = 0;
    if (bits % 19 == 1) value = -0.0;
    if (strange && bits % 97 == 2) value = std::numeric_limits<double>::infinity();
    if (strange && bits % 97 == 3) value = -std::numeric_limits<double>::infinity();
    if (strange && bits % 397 == 4) value = std::numeric_limits<double>::quiet_NaN();
    values.push_back(T(value));
  }
  return values;
}

/// The whole memory of y after the task.
template <class T>
std::vector<T> linear_result(const LinearProblem& p, Device device) {
  DeviceArrays arrays(device);
  std::uint64_t salt = 1;
  const auto matrix = [&](std::int64_t rows, std::int64_t cols) {
    const Spread<T> shape{rows, cols, p.gap, p.shift};
    return arrays.put(linear_numbers<T>(shape.size(), salt++, p.strange), shape);
  };
  kernels::LinearTask task;
  for (const std::int64_t c : p.inputs) task.input[task.n_inputs++] = matrix(p.rows, c);
  task.transposed = p.transposed;
  task.weight = p.transposed ? matrix(p.depth(), p.cols) : matrix(p.cols, p.depth());
  if (p.bias) task.bias = matrix(1, p.cols);
  if (p.start) {
    constexpr std::int64_t targets = 5, sources = 6, ghosts = 4;
    std::vector<std::int32_t> target_row, source_row;
    for (std::int64_t r = 0; r < p.rows; ++r) {
      target_row.push_back(std::int32_t(r * targets / p.rows));
      source_row.push_back(std::int32_t(mix(std::uint64_t(r)) % std::uint64_t(sources + ghosts)));
    }
    task.start = {matrix(targets, p.cols), matrix(sources, p.cols), matrix(ghosts, p.cols), arrays.put(target_row),
                  arrays.put(source_row)};
  }
  task.activation = p.activation;
  task.blocks = arrays.put(p.blocks);
  task.n_blocks = std::int64_t(p.blocks.size()) / 2;
  const Spread<T> shape{p.rows, p.cols, p.gap, p.shift};
  const T* memory = arrays.put(std::vector<T>(std::size_t(shape.size()), T(-7)));
  task.y = {const_cast<T*>(memory) + p.shift, dtype_of<T>(), p.rows, p.cols, shape.stride()};
  arrays.table().linear(task);
  return arrays.get(memory);
}

/// NaNs may differ in sign and payload, as docs/determinism.md has it.
template <class T>
bool same_number(T a, T b) {
  return (std::isnan(a) && std::isnan(b)) || (a == b && std::signbit(a) == std::signbit(b));
}

}  // namespace halograph::testing
