// SPDX-License-Identifier: BSD-3-Clause
// Reading HDF5 files that cannot be trusted. Every rank opens the file by itself with HDF5's default driver, serial
// or parallel library alike, and reads the slabs that it wants. A dataset is checked against the wanted number of
// axes, the class of its numbers, and against the bytes that the file holds for it, before anything is allocated.
// Nothing here is collective.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hdf5.hpp"

namespace halograph::h5 {

class InputFile {
 public:
  explicit InputFile(std::string path);

  const std::string& path() const { return path_; }
  std::int64_t bytes() const { return bytes_; }
  hid_t id() const { return file_; }

  /// Whether a link of this absolute name exists, all groups above it included.
  bool has(const std::string& name) const;
  /// Names in a group: in order of creation where the file has it, otherwise sorted.
  std::vector<std::string> children(const std::string& group) const;

  bool has_attribute(const std::string& object, const std::string& name) const;
  std::vector<std::string> attributes(const std::string& object) const;
  /// Throw FileError unless the attribute is there and holds `count` numbers of the kind, or one text.
  std::int64_t integer(const std::string& object, const std::string& name) const;
  std::vector<double> reals(const std::string& object, const std::string& name, std::int64_t count) const;
  std::string text(const std::string& object, const std::string& name) const;

  /// Requires the attributes format == `format` and 1 <= version <= `newest`; the version.
  std::int64_t require_format(const std::string& format, std::int64_t newest) const;

 private:
  Handle open_attribute(const std::string& object, const std::string& name) const;

  Quiet quiet_;
  std::string path_;
  std::int64_t bytes_ = 0;
  Handle file_;
};

enum class Numbers { integers, reals };

/// A dataset of a file that outlives it. `reals` takes integers in the file too.
class InputDataset {
 public:
  InputDataset(const InputFile& file, const std::string& name, Numbers numbers);

  const Shape& shape() const { return shape_; }
  /// Bytes of one number in the file.
  std::size_t width() const { return width_; }
  bool holds_integers() const { return holds_integers_; }
  /// "file: dataset 'name'", for messages.
  const std::string& place() const { return place_; }

  /// Requires this many axes and, where a wanted extent is not negative, this extent.
  const InputDataset& require_shape(const Shape& wanted) const;

  /// The box [start, start + count), row-major, converted to T. A whole dataset without arguments.
  template <class T>
  std::vector<T> read(const Shape& start, const Shape& count) const;
  template <class T>
  std::vector<T> read() const {
    return read<T>(Shape(shape_.size(), 0), shape_);
  }

 private:
  void check_storage(const InputFile& file) const;
  /// Throws FileError that names a filter of the dataset which this HDF5 cannot undo, if there is one.
  void require_filters() const;

  std::string place_;
  Handle dataset_;
  Shape shape_;
  std::size_t width_ = 0;
  bool holds_integers_ = false;
};

}  // namespace halograph::h5
