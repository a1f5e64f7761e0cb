// SPDX-License-Identifier: BSD-3-Clause
#include "graph/neighbours/device_search.hpp"

#include <algorithm>
#include <cstddef>

#include "core/transfer.hpp"

namespace halograph {
namespace {

/// Memory of the device for `count` values, with a copy of those at `from`.
template <class V>
V* put(std::deque<Buffer>& memory, const V* from, std::int64_t count, Device device) {
  if (!from || count == 0) return nullptr;
  const std::int64_t bytes = count * std::int64_t(sizeof(V));
  Buffer& buffer = memory.emplace_back(bytes, device);
  upload(buffer, from, bytes);
  return static_cast<V*>(buffer.data());
}

/// A contiguous copy on the device; nothing where there is nothing.
kernels::In put(std::deque<Buffer>& memory, const kernels::In& from, Device device) {
  if (!from.data) return {};
  Buffer& buffer = memory.emplace_back(from.rows * from.cols * std::int64_t(size_of(from.type)), device);
  const kernels::Out to{buffer.data(), from.type, from.rows, from.cols, from.cols};
  upload(from, to, device);
  return to;
}

std::int64_t row_bytes(const kernels::In& view) { return view.stride * std::int64_t(size_of(view.type)); }

/// Rows [first, first + count).
kernels::In rows_of(kernels::In view, std::int64_t first, std::int64_t count) {
  if (!view.data) return view;
  view.data = static_cast<const std::byte*>(view.data) + first * row_bytes(view);
  view.rows = count;
  return view;
}
kernels::Out rows_of(kernels::Out view, std::int64_t first, std::int64_t count) {
  view.data = static_cast<std::byte*>(view.data) + first * row_bytes(view);
  view.rows = count;
  return view;
}

}  // namespace

DeviceSearch::DeviceSearch(const kernels::PointForest& forest, std::int64_t nodes, std::int64_t places, Device device)
    : device_(device), on_host_(device == Device::host() || device == Device::guarded()), forest_(forest) {
  if (on_host_) return;
  const std::int64_t size = std::int64_t(size_of(forest.type));
  const auto put_numbers = [&](const void* from, std::int64_t count) {
    return put(memory_, static_cast<const std::byte*>(from), count * size, device_);
  };
  forest_.box = put_numbers(forest.box, nodes * 2 * forest.dims);
  forest_.child = put(memory_, forest.child, nodes, device_);
  forest_.first = put(memory_, forest.first, nodes, device_);
  forest_.count = put(memory_, forest.count, nodes, device_);
  forest_.points = put_numbers(forest.points, places * forest.dims);
  forest_.id = put(memory_, forest.id, places, device_);
}

std::int64_t DeviceSearch::queries_at_once(std::int64_t room) const {
  constexpr std::int64_t least = std::int64_t(1) << 14, most_places = std::int64_t(1) << 23;
  return on_host_ ? least : std::max(least, most_places / std::max<std::int64_t>(room, 1));
}

void DeviceSearch::nearest(const kernels::NearestTask& task) const {
  if (on_host_) {
    kernels::NearestTask here = task;
    here.forest = forest_;
    return kernels::search_table(device_).nearest(here);
  }
  // As many queries as have results of moderate size.
  constexpr std::int64_t most_results = std::int64_t(1) << 26;
  const std::int64_t k = task.k, at_once = std::max<std::int64_t>(most_results / std::max<std::int64_t>(k, 1), 1);
  for (std::int64_t first = 0; first < task.query.rows && k > 0; first += at_once) {
    const std::int64_t n = std::min(at_once, task.query.rows - first);
    const auto part = [&](const auto* values) { return values ? values + first : nullptr; };
    std::deque<Buffer> memory;
    kernels::NearestTask there = task;
    there.forest = forest_;
    there.query = put(memory, rows_of(task.query, first, n), device_);
    there.tree = put(memory, part(task.tree), n, device_);
    there.except = put(memory, part(task.except), n, device_);
    there.within = put(memory, rows_of(task.within, first, n), device_);
    there.within_id = put(memory, part(task.within_id), n, device_);
    const Buffer distance(n * k * std::int64_t(size_of(task.distance.type)), device_);
    const Buffer place(n * k * std::int64_t(sizeof(std::int32_t)), device_);
    there.distance = {distance.data(), task.distance.type, n, k, k};
    there.place = static_cast<std::int32_t*>(place.data());
    kernels::search_table(device_).nearest(there);
    download(there.distance, device_, rows_of(task.distance, first, n));
    download(task.place + first * k, place, n * k * std::int64_t(sizeof(std::int32_t)));
  }
}

void DeviceSearch::within(const kernels::WithinTask& task) const {
  kernels::WithinTask there = task;
  there.forest = forest_;
  if (on_host_) return kernels::search_table(device_).within(there);
  const std::int64_t n = task.query.rows, bytes = n * std::int64_t(sizeof(std::int32_t));
  if (n == 0) return;
  std::deque<Buffer> memory;
  there.query = put(memory, task.query, device_);
  there.tree = put(memory, task.tree, n, device_);
  const Buffer count(bytes, device_), place(bytes * task.room, device_);
  there.count = static_cast<std::int32_t*>(count.data());
  there.place = static_cast<std::int32_t*>(place.data());
  kernels::search_table(device_).within(there);
  download(task.count, count, bytes);
  // Where there was too little room the caller asks again.
  if (*std::max_element(task.count, task.count + n) <= task.room) download(task.place, place, bytes * task.room);
}

}  // namespace halograph
