// SPDX-License-Identifier: BSD-3-Clause
#include "hdf5_input.hpp"

#include <algorithm>
#include <filesystem>

#include <halograph/core/error.hpp>

#include "io/file_kind.hpp"

namespace halograph::h5 {
namespace {

herr_t keep_name(hid_t, const char* name, const H5A_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->push_back(name);
  return 0;
}

std::string place_of(const std::string& path, const std::string& object, const std::string& attribute) {
  return cat(path, ": attribute '", attribute, "' of '", object, "'");
}

}  // namespace

InputFile::InputFile(std::string path) : path_(std::move(path)) {
  io::head_of(path_);
  std::error_code error;
  const auto size = std::filesystem::file_size(path_, error);
  require<FileError>(!error, path_, ": cannot be opened: ", error.message());
  bytes_ = std::int64_t(size);
  file_ =
      Handle(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, path_ + ": is not a readable HDF5 file");
}

bool InputFile::has(const std::string& name) const {
  for (std::size_t end = name.find('/', 1);; end = name.find('/', end + 1)) {
    const std::string part = name.substr(0, end);
    if (H5Lexists(file_, part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

std::vector<std::string> InputFile::children(const std::string& group) const {
  const std::string place = cat(path_, ": group '", group, "'");
  const Handle handle(H5Gopen2(file_, group.c_str(), H5P_DEFAULT), H5Gclose, place + " cannot be opened");
  const Handle properties(H5Gget_create_plist(handle), H5Pclose, place);
  unsigned order = 0;
  check(H5Pget_link_creation_order(properties, &order), place);
  const H5_index_t index = order & H5P_CRT_ORDER_TRACKED ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
  H5G_info_t info;
  check(H5Gget_info(handle, &info), place);
  std::vector<std::string> names;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    const ssize_t length =
        check(H5Lget_name_by_idx(handle, ".", index, H5_ITER_INC, i, nullptr, 0, H5P_DEFAULT), place);
    std::string name(std::size_t(length), '\0');
    check(H5Lget_name_by_idx(handle, ".", index, H5_ITER_INC, i, name.data(), name.size() + 1, H5P_DEFAULT), place);
    names.push_back(name);
  }
  return names;
}

bool InputFile::has_attribute(const std::string& object, const std::string& name) const {
  return H5Aexists_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> InputFile::attributes(const std::string& object) const {
  const std::string place = cat(path_, ": '", object, "'");
  const Handle handle(H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose, place + " cannot be opened");
  std::vector<std::string> names;
  check(H5Aiterate2(handle, H5_INDEX_NAME, H5_ITER_INC, nullptr, keep_name, &names), place);
  return names;
}

Handle InputFile::open_attribute(const std::string& object, const std::string& name) const {
  const std::string place = place_of(path_, object, name);
  require<FileError>(has_attribute(object, name), place, " is missing");
  return Handle(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                place + " cannot be read");
}

std::int64_t InputFile::integer(const std::string& object, const std::string& name) const {
  const std::string place = place_of(path_, object, name);
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute), H5Tclose, place);
  const Handle space(H5Aget_space(attribute), H5Sclose, place);
  require<FileError>(H5Tget_class(type) == H5T_INTEGER && H5Sget_simple_extent_npoints(space) == 1, place,
                     " must be one integer");
  std::int64_t value = 0;
  check(H5Aread(attribute, H5T_NATIVE_INT64, &value), place + " cannot be read");
  return value;
}

std::vector<double> InputFile::reals(const std::string& object, const std::string& name, std::int64_t count) const {
  const std::string place = place_of(path_, object, name);
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute), H5Tclose, place);
  const Handle space(H5Aget_space(attribute), H5Sclose, place);
  const H5T_class_t kind = H5Tget_class(type);
  require<FileError>((kind == H5T_FLOAT || kind == H5T_INTEGER) && H5Sget_simple_extent_npoints(space) == count, place,
                     " must be ", count, count == 1 ? " number" : " numbers");
  std::vector<double> values(static_cast<std::size_t>(count));
  check(H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()), place + " cannot be read");
  return values;
}

std::string InputFile::text(const std::string& object, const std::string& name) const {
  const std::string place = place_of(path_, object, name);
  const Handle attribute = open_attribute(object, name);
  const Handle type(H5Aget_type(attribute), H5Tclose, place);
  const Handle space(H5Aget_space(attribute), H5Sclose, place);
  require<FileError>(H5Tget_class(type) == H5T_STRING && H5Sget_simple_extent_npoints(space) == 1, place,
                     " must be one text");
  if (H5Tis_variable_str(type) > 0) {
    const Handle memory(H5Tcopy(type), H5Tclose, place);
    char* read = nullptr;
    check(H5Aread(attribute, memory, &read), place + " cannot be read");
    const std::string value = read ? read : "";
    H5free_memory(read);
    return value;
  }
  const std::size_t size = H5Tget_size(type);
  require<FileError>(std::int64_t(size) <= bytes_, place, " is longer than the file");
  std::string value(size, '\0');
  check(H5Aread(attribute, type, value.data()), place + " cannot be read");
  return value.substr(0, value.find('\0'));
}

std::int64_t InputFile::require_format(const std::string& format, std::int64_t newest) const {
  require<FileError>(has_attribute("/", "format"), path_, ": is not a ", format,
                     " file: attribute 'format' is missing");
  const std::string found = text("/", "format");
  require<FileError>(found == format, path_, ": is a '", found, "' file; a '", format, "' file is needed");
  const std::int64_t version = integer("/", "version");
  require<FileError>(version >= 1, path_, ": version ", version, " does not exist");
  require<FileError>(version <= newest, path_, ": version ", version, " is newer than this program, which reads up to ",
                     newest);
  return version;
}

}  // namespace halograph::h5
