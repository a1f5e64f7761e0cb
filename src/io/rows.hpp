// SPDX-License-Identifier: BSD-3-Clause
// A rank's rows as pieces of datasets that all ranks write together.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <halograph/graph/slab/graph_slab.hpp>
#include <halograph/mpi/communicator.hpp>

#include "file_plan.hpp"

namespace halograph::h5 {

/// How many rows this rank has, where they start among all, and how many there are. Collective.
struct Rows {
  Rows(const Communicator& comm, std::size_t count)
      : local(std::int64_t(count)), first(comm.exclusive_sum(local)), total(comm.sum(local)) {}
  std::int64_t local, first, total;
};

/// [rows] from this rank's values.
template <class T>
PlannedDataset column(std::string name, Element type, const Rows& rows, const std::vector<T>& values) {
  return {std::move(name), type, {rows.total}, {{rows.first, bytes_of(values)}}};
}

/// [rows, width] from this rank's values, row-major.
inline PlannedDataset table(std::string name, const Rows& rows, std::int64_t width, const std::vector<double>& values) {
  return {std::move(name), Element::f64, {rows.total, width}, {{rows.first * width, bytes_of(values)}}};
}

/// A dataset of the given shape, which holds the field's frames one after the other.
inline PlannedDataset frames(std::string name, Shape shape, const SlabField& field, const Rows& rows) {
  PlannedDataset out{std::move(name), Element::f64, std::move(shape), {}};
  const std::size_t block = std::size_t(rows.local * field.channels) * sizeof(double);
  for (std::int64_t t = 0; t < field.frames; ++t)
    out.pieces.push_back({(t * rows.total + rows.first) * field.channels,
                          bytes_of(field.values).subspan(std::size_t(t) * block, block)});
  return out;
}

}  // namespace halograph::h5
