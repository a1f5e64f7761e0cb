// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/models/jumping_knowledge.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/shape.hpp>

namespace halograph::nn {

Tensor JumpingKnowledge::operator()(std::span<const Tensor> xs) const {
  require(!xs.empty(), "JumpingKnowledge: needs the output of at least one layer");
  if (mode_ == Mode::cat) return ops::concatenate(xs);
  Tensor y = xs[0];
  for (const Tensor& x : xs.subspan(1)) y = ops::maximum(y, x);
  return y;
}

}  // namespace halograph::nn
