// SPDX-License-Identifier: BSD-3-Clause
// Writing one HDF5 file by all ranks. A plan says what the file contains; every rank passes the same plan with its
// own pieces of the datasets. HDF5 itself only lays the file out, on rank 0: groups, attributes, and contiguous
// datasets whose places in the file are then known. Each rank writes its pieces there with the system's own calls.
// Hence the bytes of the file do not depend on the number of ranks, serial and parallel HDF5 serve alike, and a full
// disk is an error of a call that can report it; HDF5 never meets one, since the space is reserved beforehand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <halograph/mpi/communicator.hpp>

#include "hdf5.hpp"

namespace halograph::h5 {

enum class Element : std::uint8_t { u8, i32, i64, f32, f64 };

std::int64_t size_of(Element type);

struct PlannedAttribute {
  std::string object;  ///< absolute name of a group or dataset
  std::string name;
  std::variant<std::string, std::int64_t, double, std::vector<std::int64_t>, std::vector<double>> value;
};

/// Consecutive values of a dataset that this rank has. The memory is the caller's.
struct Piece {
  std::int64_t first = 0;  ///< place of the first value, counted in values, row-major
  std::span<const std::byte> bytes;
};

struct PlannedDataset {
  std::string name;  ///< absolute
  Element type;
  Shape shape;  ///< of the whole dataset; no axes: one value
  std::vector<Piece> pieces;
};

struct FilePlan {
  std::vector<std::string> groups;  ///< absolute names, parents first
  std::vector<PlannedDataset> datasets;
  std::vector<PlannedAttribute> attributes;
};

/// Bytes that are free for certain before HDF5 lays a plan out: the values and a little more than its records take.
std::int64_t space_for(const FilePlan& plan);

enum class Outcome : std::uint8_t {
  replace,  ///< the new content takes the name over
  discard   ///< a rehearsal: what fails would have failed, and the file stays as it was
};

/// Replaces the file `path`. All ranks pass the same plan but for the pieces, which together cover every dataset. If
/// anything fails, all ranks throw the same FileError, and an earlier file of the name stays as it was. Collective.
void write_file(const Communicator& comm, const std::string& path, const FilePlan& plan,
                Outcome outcome = Outcome::replace);

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

}  // namespace halograph::h5
