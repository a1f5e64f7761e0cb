// SPDX-License-Identifier: BSD-3-Clause
// Host tensors as Eigen matrices, without a copy.
#pragma once

#include <Eigen/Core>

#include <halograph/core/error.hpp>
#include <halograph/core/tensor.hpp>

namespace halograph {

template <class T>
using EigenView =
    Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>, 0, Eigen::OuterStride<>>;

/// The tensor's own memory as [rows, cols]; the tensor must outlive the view. Throws UsageError if
/// T is not the tensor's type or the host cannot read its device.
template <class T>
EigenView<T> as_eigen(const Tensor& tensor) {
  require(tensor.dtype() == dtype_of<T>(), "as_eigen: the tensor is ", tensor.describe());
  require(tensor.device().host_readable(), "as_eigen: the tensor lives on device '", tensor.device().name(),
          "'; copy it with to_vector");
  return EigenView<T>(static_cast<T*>(tensor.data()), tensor.rows(), tensor.cols(),
                      Eigen::OuterStride<>(tensor.stride()));
}

}  // namespace halograph
