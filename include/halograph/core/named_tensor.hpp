// SPDX-License-Identifier: BSD-3-Clause
// A tensor with the name under which it is saved and loaded.
#pragma once

#include <string>

#include <halograph/core/tensor.hpp>

namespace halograph {

struct NamedTensor {
  std::string name;
  Tensor value;         ///< replicated
  bool vector = false;  ///< files hold it one-dimensional, [cols]
};

}  // namespace halograph
