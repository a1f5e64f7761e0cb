// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/borrow.hpp>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

Tensor strided(void* data, DType dtype, const Shape& shape, std::int64_t stride) {
  require(stride == 0 || stride >= shape.cols, "borrow: ", stride, " elements from row to row for rows of ",
          shape.cols);
  const Tensor tensor = Tensor::borrow(data, shape.rows, shape.cols, dtype);
  if (stride > 0) tensor.handle()->stride = stride;
  return tensor;
}

}  // namespace

Tensor borrow(float* data, const Shape& shape, std::int64_t stride) { return strided(data, DType::f32, shape, stride); }
Tensor borrow(double* data, const Shape& shape, std::int64_t stride) {
  return strided(data, DType::f64, shape, stride);
}
Tensor borrow(const float* data, const Shape& shape, std::int64_t stride) {
  return borrow(const_cast<float*>(data), shape, stride);
}
Tensor borrow(const double* data, const Shape& shape, std::int64_t stride) {
  return borrow(const_cast<double*>(data), shape, stride);
}

}  // namespace halograph
