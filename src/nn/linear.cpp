// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/linear.hpp>

#include <cmath>

#include <halograph/core/error.hpp>

namespace halograph::nn {

Linear::Linear(const Scope& scope, std::int64_t in, std::int64_t out, const LinearOptions& options)
    : name(scope.name()) {
  require(in > 0 && out > 0, "Linear ", name, ": ", in, " input and ", out, " output channels");
  const double bound = options.glorot ? options.gain * std::sqrt(6 / double(in + out)) : 1 / std::sqrt(double(in));
  weight = scope.uniform("weight", out, in, bound, false);
  if (options.bias) bias = scope.uniform("bias", 1, out, options.glorot ? 0 : bound, true);
}

}  // namespace halograph::nn
