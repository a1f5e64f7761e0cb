// SPDX-License-Identifier: BSD-3-Clause
// The GPU's side of launch.hpp for nvcc and hipcc: one thread per row and lane of four columns, or
// per row.
#pragma once

#include <kernels/launch/ragged.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <class T>
constexpr int native_width = 4;

template <int W>
struct Lane {
  std::int64_t column;
};

template <class Body>
__global__ void row_kernel(std::int64_t rows, std::int64_t cols, Body body) {
  const std::int64_t lanes = (cols + 3) / 4;
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t i = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; i < rows * lanes; i += step) {
    const std::int64_t row = i / lanes, column = i % lanes * 4;
    if (column + 4 <= cols) {
      body(row, Lane<4>{column});
    } else {
      for (std::int64_t c = column; c < cols; ++c) body(row, Lane<1>{c});
    }
  }
}

template <class Body>
__global__ void whole_row_kernel(std::int64_t rows, Body body) {
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t row = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; row < rows; row += step) body(row);
}

template <class Body>
__global__ void ragged_row_kernel(RaggedRows rows, Body body) {
  const std::int64_t step = std::int64_t(gridDim.x) * blockDim.x;
  for (std::int64_t lane = std::int64_t(blockIdx.x) * blockDim.x + threadIdx.x; lane < rows.lanes(); lane += step) {
    const int row = rows.row_of(lane);
    const std::int64_t column = (lane - rows.first_lane[row]) * 4, cols = rows.cols[row];
    if (column + 4 <= cols) {
      body(row, Lane<4>{column});
    } else {
      for (std::int64_t c = column; c < cols; ++c) body(row, Lane<1>{c});
    }
  }
}

inline unsigned grid_for(std::int64_t threads) {
  const std::int64_t blocks = (threads + 255) / 256;
  return unsigned(blocks < 65535 ? blocks : 65535);
}

template <class T, class Body>
void for_each_row(std::int64_t rows, std::int64_t cols, const Body& body) {
  if (rows <= 0 || cols <= 0) return;
  row_kernel<<<grid_for(rows * ((cols + 3) / 4)), 256>>>(rows, cols, body);
}

template <class Body>
void for_each_whole_row(std::int64_t rows, std::int64_t, const Body& body) {
  if (rows > 0) whole_row_kernel<<<grid_for(rows), 256>>>(rows, body);
}

template <class T, class Body>
void for_each_ragged_row(const RaggedRows& rows, const Body& body) {
  static_assert(sizeof(rows) + sizeof(body) <= 4096, "more than the arguments of a launch can hold");
  if (rows.lanes() > 0) ragged_row_kernel<<<grid_for(rows.lanes()), 256>>>(rows, body);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
