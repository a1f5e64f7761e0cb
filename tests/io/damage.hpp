// SPDX-License-Identifier: BSD-3-Clause
// Ways to break an HDF5 file on purpose, as a foreign program might have written it.
#pragma once

#include <hdf5.h>

#include <functional>
#include <string>
#include <vector>

namespace halograph::test {

/// Opens the file for writing, runs `body` on it, closes it.
inline void edit(const std::string& path, const std::function<void(hid_t)>& body) {
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  body(file);
  H5Fclose(file);
}

inline void remove_link(hid_t file, const char* name) { H5Ldelete(file, name, H5P_DEFAULT); }

/// Puts a dataset of the given shape in place of another. Without values none are stored.
inline void replace(hid_t file, const char* name, hid_t type, const std::vector<hsize_t>& shape, hid_t memory_type = -1,
                    const void* values = nullptr, hid_t properties = H5P_DEFAULT) {
  if (H5Lexists(file, name, H5P_DEFAULT) > 0) remove_link(file, name);
  const hid_t space = H5Screate_simple(int(shape.size()), shape.data(), nullptr);
  const hid_t dataset = H5Dcreate2(file, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  if (values) H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
  H5Dclose(dataset);
  H5Sclose(space);
}

inline void replace(hid_t file, const char* name, const std::vector<hsize_t>& shape,
                    const std::vector<double>& values) {
  replace(file, name, H5T_NATIVE_DOUBLE, shape, H5T_NATIVE_DOUBLE, values.data());
}

inline void replace(hid_t file, const char* name, const std::vector<hsize_t>& shape,
                    const std::vector<long long>& values) {
  replace(file, name, H5T_NATIVE_LLONG, shape, H5T_NATIVE_LLONG, values.data());
}

/// Overwrites one value of a dataset.
template <class T>
void poke(hid_t file, const char* name, hsize_t index, T value, hid_t memory_type) {
  const hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  const hid_t space = H5Dget_space(dataset);
  std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  std::vector<hsize_t> at(shape.size());
  for (std::size_t i = shape.size(); i-- > 0; index /= shape[i]) at[i] = index % shape[i];
  const hid_t memory = H5Screate(H5S_SCALAR);
  H5Sselect_elements(space, H5S_SELECT_SET, 1, at.data());
  H5Dwrite(dataset, memory_type, memory, space, H5P_DEFAULT, &value);
  H5Sclose(memory);
  H5Sclose(space);
  H5Dclose(dataset);
}

inline void poke(hid_t file, const char* name, hsize_t index, double value) {
  poke(file, name, index, value, H5T_NATIVE_DOUBLE);
}
inline void poke(hid_t file, const char* name, hsize_t index, long long value) {
  poke(file, name, index, value, H5T_NATIVE_LLONG);
}

/// Puts a scalar attribute of the root in place of another.
inline void set_attribute(hid_t file, const char* name, hid_t type, const void* value) {
  H5Adelete(file, name);
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, value);
  H5Aclose(attribute);
  H5Sclose(space);
}

inline void set_attribute(hid_t file, const char* name, long long value) {
  set_attribute(file, name, H5T_NATIVE_LLONG, &value);
}

}  // namespace halograph::test
