// SPDX-License-Identifier: BSD-3-Clause
#include "file_plan.hpp"

#include <fcntl.h>

#include <memory>

#include "posix_file.hpp"

namespace halograph::h5 {
namespace {

// Datasets start at pages, so that ranks on different nodes do not write into the page of HDF5's own records.
constexpr hsize_t page = 4096;

hid_t type_of(Element type) {
  switch (type) {
    case Element::u8: return native_type<std::uint8_t>();
    case Element::i32: return native_type<std::int32_t>();
    case Element::i64: return native_type<std::int64_t>();
    case Element::f32: return native_type<float>();
    case Element::f64: return native_type<double>();
  }
  return -1;
}

std::int64_t bytes_of(const PlannedDataset& dataset) {
  std::int64_t bytes = size_of(dataset.type);
  for (const std::int64_t extent : dataset.shape) bytes *= extent;
  return bytes;
}

// The format of HDF5 1.8, whose records have checksums: the library itself then finds damaged ones, which older
// records do not let it, up to crashes.
Handle access_properties(const std::string& message) {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, message);
  check(H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_LATEST), message);
  return access;
}

// Turns the temporary into an HDF5 file without content.
void make_empty(const std::string& path, const std::string& temporary) {
  const std::string message = path + ": cannot be laid out";
  const Handle access = access_properties(message);
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, message);
  check(H5Pset_obj_track_times(creation, false), message);  // the time of day is no content
  Handle(H5Fcreate(temporary.c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, message).close(message);
}

void put(hid_t object, const PlannedAttribute& attribute, const std::string& message) {
  const auto write = [&](hid_t type, hid_t space, const void* data) {
    const Handle handle(H5Acreate2(object, attribute.name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                        message);
    check(H5Awrite(handle, type, data), message);
  };
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose, message);
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    const Handle type(H5Tcopy(H5T_C_S1), H5Tclose, message);
    check(H5Tset_size(type, std::max<std::size_t>(text->size(), 1)), message);
    check(H5Tset_strpad(type, H5T_STR_NULLPAD), message);
    write(type, scalar, text->c_str());
  } else if (const auto* integer = std::get_if<std::int64_t>(&attribute.value)) {
    write(native_type<std::int64_t>(), scalar, integer);
  } else if (const auto* real = std::get_if<double>(&attribute.value)) {
    write(native_type<double>(), scalar, real);
  } else if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&attribute.value)) {
    const hsize_t count = integers->size();
    write(native_type<std::int64_t>(), Handle(H5Screate_simple(1, &count, nullptr), H5Sclose, message),
          integers->data());
  } else {
    const auto& reals = std::get<std::vector<double>>(attribute.value);
    const hsize_t count = reals.size();
    write(native_type<double>(), Handle(H5Screate_simple(1, &count, nullptr), H5Sclose, message), reals.data());
  }
}

// Creates a dataset with space in the file but no values; its place.
std::int64_t create(hid_t file, const PlannedDataset& dataset, const std::string& message) {
  const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, message);
  check(H5Pset_layout(properties, H5D_CONTIGUOUS), message);
  check(H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY), message);
  check(H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER), message);
  check(H5Pset_obj_track_times(properties, false), message);
  const std::vector<hsize_t> shape(dataset.shape.begin(), dataset.shape.end());
  const Handle space(shape.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(int(shape.size()), shape.data(), nullptr),
                     H5Sclose, message);
  const Handle handle(
      H5Dcreate2(file, dataset.name.c_str(), type_of(dataset.type), space, H5P_DEFAULT, properties, H5P_DEFAULT),
      H5Dclose, message);
  if (bytes_of(dataset) == 0) return 0;
  const haddr_t place = H5Dget_offset(handle);
  if (place == HADDR_UNDEF) fail(message);
  return std::int64_t(place);
}

std::vector<std::int64_t> lay_out(const std::string& path, const std::string& temporary, const FilePlan& plan) {
  const std::string message = path + ": cannot be laid out";
  const Handle access = access_properties(message);
  check(H5Pset_alignment(access, page, page), message);
  Handle file(H5Fopen(temporary.c_str(), H5F_ACC_RDWR, access), H5Fclose, message);
  const Handle in_order(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, message);
  check(H5Pset_link_creation_order(in_order, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), message);
  check(H5Pset_obj_track_times(in_order, false), message);
  for (const std::string& group : plan.groups)
    Handle(H5Gcreate2(file, group.c_str(), H5P_DEFAULT, in_order, H5P_DEFAULT), H5Gclose, message);
  std::vector<std::int64_t> places;
  for (const PlannedDataset& dataset : plan.datasets)
    places.push_back(create(file, dataset, cat(path, ": dataset '", dataset.name, "' cannot be created")));
  for (const PlannedAttribute& attribute : plan.attributes) {
    const std::string which = cat(path, ": attribute '", attribute.name, "' cannot be created");
    put(Handle(H5Oopen(file, attribute.object.c_str(), H5P_DEFAULT), H5Oclose, which), attribute, which);
  }
  file.close(path + ": cannot be written");
  return places;
}

void write_pieces(PosixFile& file, const FilePlan& plan, const std::vector<std::int64_t>& places) {
  for (std::size_t i = 0; i < plan.datasets.size(); ++i) {
    const PlannedDataset& dataset = plan.datasets[i];
    for (const Piece& piece : dataset.pieces) {
      const std::int64_t from = piece.first * size_of(dataset.type);
      require(from >= 0 && from + std::int64_t(piece.bytes.size()) <= bytes_of(dataset), "write_file: a piece of '",
              dataset.name, "' does not fit");
      file.write(places[i] + from, piece.bytes);
    }
  }
  file.sync();
}

}  // namespace

std::int64_t size_of(Element type) {
  return type == Element::u8 ? 1 : type == Element::i32 || type == Element::f32 ? 4 : 8;
}

std::int64_t space_for(const FilePlan& plan) {
  // Measured, with some room: HDF5 takes up to 340 bytes of records for a dataset or an attribute and less than twice
  // its name, and has blocks of a few KiB open for the file and for each group.
  constexpr std::int64_t file = std::int64_t(1) << 14, record = 384;
  std::int64_t bytes = file + std::int64_t(plan.groups.size()) * std::int64_t(page);
  for (const auto& dataset : plan.datasets) {
    const std::int64_t values = bytes_of(dataset);
    bytes += record + 2 * std::int64_t(dataset.name.size()) + 16 * std::int64_t(dataset.shape.size()) + values;
    if (values >= std::int64_t(page)) bytes += std::int64_t(page);  // smaller ones are not aligned
  }
  for (const auto& attribute : plan.attributes) {
    bytes += record + 2 * std::int64_t(attribute.name.size());
    if (const auto* text = std::get_if<std::string>(&attribute.value)) bytes += 2 * std::int64_t(text->size());
  }
  return bytes;
}

void write_file(const Communicator& comm, const std::string& path, const FilePlan& plan, Outcome outcome) {
  const Quiet quiet;
  std::unique_ptr<Replacement> replacement;
  std::string temporary;
  std::vector<std::int64_t> places;
  on_root<FileError>(comm, path, [&] {
    replacement = std::make_unique<Replacement>(path);
    temporary = replacement->temporary();
    // HDF5 must not meet a full disk. To make the file empties it, which gives the space back: it is reserved again.
    replacement->file().reserve(space_for(plan));
    make_empty(path, temporary);
    replacement->file().reserve(space_for(plan));
    places = lay_out(path, temporary, plan);
  });
  comm.broadcast(temporary, 0);
  comm.broadcast(places, 0);
  on_all_ranks<FileError>(comm, path, [&] {
    if (replacement) return write_pieces(replacement->file(), plan, places);
    PosixFile file(temporary, path, O_WRONLY);
    write_pieces(file, plan, places);
  });
  if (outcome == Outcome::replace) on_root<FileError>(comm, path, [&] { replacement->commit(); });
}

}  // namespace halograph::h5
