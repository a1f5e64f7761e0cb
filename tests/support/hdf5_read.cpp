// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/hdf5_read.hpp"

#include <hdf5.h>

#include <stdexcept>

namespace halograph::testing {
namespace {

hid_t checked(hid_t id, const std::string& what) {
  if (id < 0) throw std::runtime_error("reference file: cannot open " + what);
  return id;
}

template <class T>
std::vector<T> read_all(hid_t file, const std::string& name, hid_t type) {
  const hid_t set = checked(H5Dopen2(file, name.c_str(), H5P_DEFAULT), name);
  const hid_t space = H5Dget_space(set);
  std::vector<T> values(std::size_t(H5Sget_simple_extent_npoints(space)));
  const herr_t status = H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  H5Sclose(space);
  H5Dclose(set);
  if (status < 0) throw std::runtime_error("reference file: cannot read " + name);
  return values;
}

std::vector<std::string> split_texts(const std::vector<char>& bytes, std::size_t length) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at + length <= bytes.size(); at += length) {
    const std::string text(bytes.data() + at, length);
    texts.push_back(text.substr(0, text.find('\0')));
  }
  return texts;
}

}  // namespace

ReferenceFile::ReferenceFile(const std::string& path)
    : file_(checked(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), path)) {}
ReferenceFile::~ReferenceFile() { H5Fclose(file_); }

std::vector<double> ReferenceFile::reals(const std::string& name) const {
  return read_all<double>(file_, name, H5T_NATIVE_DOUBLE);
}

std::vector<std::int64_t> ReferenceFile::integers(const std::string& name) const {
  return read_all<std::int64_t>(file_, name, H5T_NATIVE_INT64);
}

std::vector<std::string> ReferenceFile::texts(const std::string& name) const {
  const hid_t set = checked(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), name);
  const hid_t type = H5Dget_type(set), space = H5Dget_space(set);
  const std::size_t length = H5Tget_size(type);
  std::vector<char> bytes(length * std::size_t(H5Sget_simple_extent_npoints(space)));
  H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
  H5Sclose(space);
  H5Tclose(type);
  H5Dclose(set);
  return split_texts(bytes, length);
}

std::vector<std::int64_t> ReferenceFile::shape(const std::string& name) const {
  const hid_t set = checked(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), name);
  const hid_t space = H5Dget_space(set);
  std::vector<hsize_t> extent(std::size_t(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, extent.data(), nullptr);
  H5Sclose(space);
  H5Dclose(set);
  return {extent.begin(), extent.end()};
}

bool ReferenceFile::has(const std::string& name) const {
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1))
    if (slash > 0 && H5Lexists(file_, name.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) return false;
  return H5Lexists(file_, name.c_str(), H5P_DEFAULT) > 0;
}

bool ReferenceFile::holds_integers(const std::string& name) const {
  const hid_t set = checked(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), name);
  const hid_t type = H5Dget_type(set);
  const bool result = H5Tget_class(type) == H5T_INTEGER;
  H5Tclose(type);
  H5Dclose(set);
  return result;
}

std::vector<std::string> ReferenceFile::members(const std::string& group) const {
  std::vector<std::string> names;
  if (!has(group)) return names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  if (H5Literate_by_name(file_, group.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names, H5P_DEFAULT) < 0)
    throw std::runtime_error("reference file: cannot list " + group);
  return names;
}

double ReferenceFile::real_attribute(const std::string& object, const std::string& name) const {
  const hid_t attribute = checked(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), name);
  double value = 0;
  H5Aread(attribute, H5T_NATIVE_DOUBLE, &value);
  H5Aclose(attribute);
  return value;
}

std::string ReferenceFile::text_attribute(const std::string& object, const std::string& name) const {
  const hid_t attribute = checked(H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), name);
  const hid_t type = H5Aget_type(attribute);
  std::vector<char> bytes(H5Tget_size(type));
  H5Aread(attribute, type, bytes.data());
  H5Tclose(type);
  H5Aclose(attribute);
  return split_texts(bytes, bytes.size()).front();
}

}  // namespace halograph::testing
