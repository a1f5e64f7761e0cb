// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/linear.hpp>

#include <cmath>

#include <halograph/core/error.hpp>

namespace halograph::nn {

Linear::Linear(std::string full_name, std::int64_t in, std::int64_t out, DType dtype, const Random& random)
    : name(std::move(full_name)) {
  require(in > 0 && out > 0, "Linear ", name, ": ", in, " input and ", out, " output channels");
  const double bound = 1 / std::sqrt(double(in));
  weight = Tensor::empty(out, in, dtype);
  bias = Tensor::empty(1, out, dtype);
  random.fill_uniform(weight, name + ".weight", -bound, bound);
  random.fill_uniform(bias, name + ".bias", -bound, bound);
  weight.set_requires_grad();
  bias.set_requires_grad();
}

void Linear::collect(std::vector<NamedTensor>& parameters) const {
  parameters.push_back({name + ".weight", weight, false});
  parameters.push_back({name + ".bias", bias, true});
}

}  // namespace halograph::nn
