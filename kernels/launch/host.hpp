// SPDX-License-Identifier: BSD-3-Clause
// The host's side of launch.hpp: tasks for the thread pool, lanes of one native vector.
#pragma once

#include <kernels/launch/ragged.hpp>
#include <kernels/launch/tasks.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Elements of a native vector.
template <class T>
constexpr int native_width = native_bytes / int(sizeof(T));

/// W adjacent columns starting at `column`.
template <int W>
struct Lane {
  std::int64_t column;
};

/// Calls body(task) for each task, shared out over the threads.
template <class Body>
void for_each_task(std::int64_t n_tasks, const Body& body) {
  run_tasks(
      n_tasks, [](void* context, std::int64_t task) { (*static_cast<const Body*>(context))(task); },
      const_cast<Body*>(&body));
}

template <class T, int W, class Body>
HALOGRAPH_FN void walk_columns(std::int64_t row, std::int64_t column, std::int64_t end, const Body& body) {
  for (; column + W <= end; column += W) body(row, Lane<W>{column});
  if constexpr (W > 1) walk_columns<T, W / 2>(row, column, end, body);
}

/// Calls body(row, Lane<W>) for all elements of a [rows, cols] matrix, each once.
template <class T, class Body>
void for_each_row(std::int64_t rows, std::int64_t cols, const Body& body) {
  if (rows <= 0 || cols <= 0) return;
  constexpr std::int64_t tile_columns = 8192, tile_elements = 16384;
  const std::int64_t wide = cols < tile_columns ? cols : tile_columns;
  const std::int64_t tall = tile_elements / wide > 0 ? tile_elements / wide : 1;
  const std::int64_t across = (cols + wide - 1) / wide, down = (rows + tall - 1) / tall;
  for_each_task(across * down, [&](std::int64_t task) {
    const std::int64_t row0 = task / across * tall, column0 = task % across * wide;
    const std::int64_t row1 = row0 + tall < rows ? row0 + tall : rows;
    const std::int64_t column1 = column0 + wide < cols ? column0 + wide : cols;
    for (std::int64_t row = row0; row < row1; ++row) walk_columns<T, native_width<T>>(row, column0, column1, body);
  });
}

/// Calls body(row) for each row; the body walks its columns itself.
template <class Body>
void for_each_whole_row(std::int64_t rows, std::int64_t cols, const Body& body) {
  const std::int64_t tall = 8192 / (cols > 0 ? cols : 1) + 1;
  for_each_task((rows + tall - 1) / tall, [&](std::int64_t task) {
    const std::int64_t end = (task + 1) * tall < rows ? (task + 1) * tall : rows;
    for (std::int64_t row = task * tall; row < end; ++row) body(row);
  });
}

/// Calls body(row, Lane<W>) for all elements of rows whose lanes are native vectors, each once.
template <class T, class Body>
void for_each_ragged_row(const RaggedRows& rows, const Body& body) {
  constexpr std::int64_t width = native_width<T>, task_lanes = 16384 / width;
  for_each_task((rows.lanes() + task_lanes - 1) / task_lanes, [&](std::int64_t task) {
    std::int64_t lane = task * task_lanes;
    const std::int64_t end = lane + task_lanes < rows.lanes() ? lane + task_lanes : rows.lanes();
    for (int row = rows.row_of(lane); lane < end; ++row) {
      const std::int64_t begin = rows.first_lane[row], next = rows.first_lane[row + 1];
      const std::int64_t stop = next < end ? next : end;
      const std::int64_t column = (lane - begin) * width, last = (stop - begin) * width;
      walk_columns<T, width>(row, column, last < rows.cols[row] ? last : rows.cols[row], body);
      lane = stop;
    }
  });
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
