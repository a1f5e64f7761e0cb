// SPDX-License-Identifier: BSD-3-Clause
// Whether a model is being trained or evaluated: an argument of the layers to which it makes a difference.
#pragma once

#include <cstdint>

namespace halograph::nn {

struct Mode {
  bool training = false;
  std::int64_t step = 0;  ///< of the training: masks of dropout differ from one to the next

  static Mode evaluate() { return {}; }
  static Mode train(std::int64_t step = 0) { return {true, step}; }
};

}  // namespace halograph::nn
