// SPDX-License-Identifier: BSD-3-Clause
// The mesh of the example: a grid of layers that is periodic in the third direction, cut between ranks there.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

constexpr std::int64_t width = 6, layers = 12, per_layer = width * width;
constexpr double length = double(layers);

struct Layers {
  std::int64_t first, last;  // [first, last) of a rank
};

inline Layers layers_of(int rank, int ranks) { return {layers * rank / ranks, layers * (rank + 1) / ranks}; }

inline std::array<double, 3> position_of(std::int64_t node) {
  return {double(node % width), double(node / width % width), double(node / per_layer)};
}

/// The nodes next to a node, those beyond the last layer being in the first.
inline std::vector<std::int64_t> neighbours_of(std::int64_t node) {
  std::vector<std::int64_t> found;
  const std::int64_t i = node % width, j = node / width % width, all = layers * per_layer;
  if (i > 0) found.push_back(node - 1);
  if (i + 1 < width) found.push_back(node + 1);
  if (j > 0) found.push_back(node - width);
  if (j + 1 < width) found.push_back(node + width);
  found.push_back((node + per_layer) % all);
  found.push_back((node + all - per_layer) % all);
  return found;
}

/// Five made-up fields of a flow at a time.
inline std::array<double, 5> flow_at(std::int64_t node, double time) {
  const auto [x, y, z] = position_of(node);
  const double phase = 6.283185307179586 * z / length + time;
  return {std::sin(phase), std::cos(phase + x), std::sin(phase - y), 1 + 0.1 * std::cos(phase), 0.1 * x * y};
}
