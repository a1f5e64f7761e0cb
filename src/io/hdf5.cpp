// SPDX-License-Identifier: BSD-3-Clause
#include "hdf5.hpp"

#include <halograph/core/error.hpp>

namespace halograph::h5 {
namespace {

herr_t keep_first(unsigned n, const H5E_error2_t* error, void* text) {
  if (n == 0 && error->desc) *static_cast<std::string*>(text) = error->desc;
  return 0;
}

}  // namespace

Quiet::Quiet() {
  H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Quiet::~Quiet() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

void fail(const std::string& message) {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, &reason);
  throw FileError(reason.empty() ? message : cat(message, " (HDF5: ", reason, ")"));
}

template <>
hid_t native_type<std::uint8_t>() {
  return H5T_NATIVE_UINT8;
}
template <>
hid_t native_type<std::int32_t>() {
  return H5T_NATIVE_INT32;
}
template <>
hid_t native_type<std::int64_t>() {
  return H5T_NATIVE_INT64;
}
template <>
hid_t native_type<float>() {
  return H5T_NATIVE_FLOAT;
}
template <>
hid_t native_type<double>() {
  return H5T_NATIVE_DOUBLE;
}

Shape extents(hid_t space, const std::string& message) {
  require<FileError>(H5Sget_simple_extent_type(space) != H5S_NULL, message, ": the dataspace is empty");
  const int rank = check(H5Sget_simple_extent_ndims(space), message);
  std::vector<hsize_t> raw(static_cast<std::size_t>(rank));
  check(H5Sget_simple_extent_dims(space, raw.data(), nullptr), message);
  Shape shape;
  for (const hsize_t extent : raw) {
    require<FileError>(extent <= hsize_t(INT64_MAX), message, ": extent ", extent, " is absurd");
    shape.push_back(std::int64_t(extent));
  }
  return shape;
}

}  // namespace halograph::h5
