// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/linear.hpp>

#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/nn/naming.hpp>

namespace halograph::nn {

Linear::Linear(std::string full_name, std::int64_t in, std::int64_t out, DType dtype, const Random& random,
               const LinearOptions& options)
    : name(std::move(full_name)) {
  require(in > 0 && out > 0, "Linear ", name, ": ", in, " input and ", out, " output channels");
  const double bound = options.glorot ? std::sqrt(6 / double(in + out)) : 1 / std::sqrt(double(in));
  weight = Tensor::empty(out, in, dtype);
  random.fill_uniform(weight, join(name, "weight"), -bound, bound);
  weight.set_requires_grad();
  if (!options.bias) return;
  bias = Tensor::zeros(1, out, dtype);
  if (!options.glorot) random.fill_uniform(bias, join(name, "bias"), -bound, bound);
  bias.set_requires_grad();
}

void Linear::collect(std::vector<NamedTensor>& parameters) const {
  parameters.push_back({join(name, "weight"), weight, false});
  if (bias.defined()) parameters.push_back({join(name, "bias"), bias, true});
}

}  // namespace halograph::nn
