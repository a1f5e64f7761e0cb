// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <type_traits>

#include <halograph/core/error.hpp>

#include "hdf5_input.hpp"

namespace halograph::h5 {
namespace {

// The most that a filter can shrink: deflate packs 1032 equal bytes into one.
constexpr std::int64_t highest_compression = 1100;
constexpr std::int64_t smallest_chunk_limit = std::int64_t(1) << 20;

std::int64_t bytes_of(const Shape& shape, std::size_t width, const std::string& place) {
  std::int64_t bytes = std::int64_t(width);
  for (const std::int64_t extent : shape)
    require<FileError>(!__builtin_mul_overflow(bytes, extent, &bytes), place, ": its extent is absurd");
  return bytes;
}

std::vector<double> exact_reals(const std::vector<std::int64_t>& integers, const std::string& place) {
  constexpr std::int64_t largest = std::int64_t(1) << 53;
  for (const std::int64_t value : integers)
    require<FileError>(-largest <= value && value <= largest, place, ": the integer ", value,
                       " is beyond 2^53 and not exact as a real number");
  return {integers.begin(), integers.end()};
}

std::string text_of(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i) text += ", ";
    text += shape[i] < 0 ? "any" : std::to_string(shape[i]);
  }
  return text + "]";
}

}  // namespace

InputDataset::InputDataset(const InputFile& file, const std::string& name, Numbers numbers)
    : place_(cat(file.path(), ": dataset '", name, "'")) {
  require<FileError>(file.has(name), place_, " is missing");
  dataset_ = Handle(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose, place_ + " cannot be opened");
  const Handle space(H5Dget_space(dataset_), H5Sclose, place_);
  shape_ = extents(space, place_);
  const Handle type(H5Dget_type(dataset_), H5Tclose, place_);
  width_ = H5Tget_size(type);
  const H5T_class_t kind = H5Tget_class(type);
  holds_integers_ = kind == H5T_INTEGER;
  if (numbers == Numbers::integers) {
    require<FileError>(holds_integers_, place_, " must hold integers");
    require<FileError>(width_ < 8 || H5Tget_sign(type) != H5T_SGN_NONE, place_,
                       " holds unsigned 64-bit integers; they must be signed");
  } else {
    require<FileError>(kind == H5T_FLOAT || holds_integers_, place_, " must hold numbers");
  }
  check_storage(file);
}

void InputDataset::check_storage(const InputFile& file) const {
  const std::int64_t needed = bytes_of(shape_, width_, place_);
  if (needed == 0) return;
  const std::int64_t stored = std::int64_t(H5Dget_storage_size(dataset_));
  const std::string shortage =
      cat(place_, " has shape ", text_of(shape_), ", ", needed, " bytes, but the file holds ", stored, " bytes of it");
  const Handle properties(H5Dget_create_plist(dataset_), H5Pclose, place_);
  const H5D_layout_t layout = H5Pget_layout(properties);
  require<FileError>(stored >= 0 && stored <= file.bytes(), shortage, " and is itself of ", file.bytes());
  if (layout == H5D_CHUNKED) {
    std::vector<hsize_t> raw(shape_.size());
    check(H5Pget_chunk(properties, int(raw.size()), raw.data()), place_);
    const std::int64_t chunk = bytes_of(Shape(raw.begin(), raw.end()), width_, place_);
    const bool filtered = H5Pget_nfilters(properties) > 0;
    const std::int64_t most = filtered ? stored * highest_compression : stored;
    require<FileError>(needed <= most, shortage);
    require<FileError>(chunk <= std::max(most, smallest_chunk_limit), place_, " has absurd chunks of ", chunk,
                       " bytes");
    return;
  }
  require<FileError>(layout == H5D_CONTIGUOUS || layout == H5D_COMPACT, place_, " refers to other datasets");
  require<FileError>(H5Pget_external_count(properties) == 0, place_, " refers to other files");
  require<FileError>(stored == needed, shortage);
  if (layout == H5D_CONTIGUOUS) {
    const haddr_t offset = H5Dget_offset(dataset_);
    require<FileError>(offset != HADDR_UNDEF && offset <= haddr_t(file.bytes() - stored), place_,
                       " ends beyond the end of the file");
  }
}

void InputDataset::require_filters() const {
  const Handle properties(H5Dget_create_plist(dataset_), H5Pclose, place_);
  const int count = check(H5Pget_nfilters(properties), place_);
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0, config = 0;
    std::size_t parameters = 0;
    char name[64] = "";
    const H5Z_filter_t id = check(
        H5Pget_filter2(properties, unsigned(i), &flags, &parameters, nullptr, sizeof name, name, &config), place_);
    unsigned able = 0;
    const bool known = H5Zfilter_avail(id) > 0 && H5Zget_filter_info(id, &able) >= 0;
    require<FileError>(known && (able & H5Z_FILTER_CONFIG_DECODE_ENABLED), place_, " is stored with the HDF5 filter ",
                       name[0] ? name : "without a name", " (number ", id,
                       "), which is not installed here; store it with gzip or without a filter (h5repack -f GZIP=4 OLD "
                       "NEW), or let HDF5_PLUGIN_PATH name the folder of the filter");
  }
}

const InputDataset& InputDataset::require_shape(const Shape& wanted) const {
  bool fits = shape_.size() == wanted.size();
  for (std::size_t i = 0; fits && i < wanted.size(); ++i) fits = wanted[i] < 0 || wanted[i] == shape_[i];
  require<FileError>(fits, place_, " has shape ", text_of(shape_), "; it must be ", text_of(wanted));
  return *this;
}

template <class T>
std::vector<T> InputDataset::read(const Shape& start, const Shape& count) const {
  if constexpr (std::is_same_v<T, double>) {
    if (holds_integers_ && width_ == 8) return exact_reals(read<std::int64_t>(start, count), place_);
  }
  const std::string message = place_ + " cannot be read";
  std::int64_t n = 1;
  for (const std::int64_t extent : count) n *= extent;
  std::vector<T> values(static_cast<std::size_t>(n));
  if (n == 0) return values;
  const Handle in_file(H5Dget_space(dataset_), H5Sclose, message);
  const std::vector<hsize_t> from(start.begin(), start.end()), size(count.begin(), count.end());
  if (!shape_.empty())
    check(H5Sselect_hyperslab(in_file, H5S_SELECT_SET, from.data(), nullptr, size.data(), nullptr), message);
  const Handle in_memory(H5Screate_simple(int(size.size()), size.data(), nullptr), H5Sclose, message);
  if (H5Dread(dataset_, native_type<T>(), in_memory, in_file, H5P_DEFAULT, values.data()) < 0) {
    require_filters();
    fail(message);
  }
  return values;
}

template std::vector<std::uint8_t> InputDataset::read(const Shape&, const Shape&) const;
template std::vector<std::int32_t> InputDataset::read(const Shape&, const Shape&) const;
template std::vector<std::int64_t> InputDataset::read(const Shape&, const Shape&) const;
template std::vector<float> InputDataset::read(const Shape&, const Shape&) const;
template std::vector<double> InputDataset::read(const Shape&, const Shape&) const;

}  // namespace halograph::h5
