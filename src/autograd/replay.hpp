// SPDX-License-Identifier: BSD-3-Clause
// Gradients of an operation that kept its inputs only: it is done again with single operations, recorded.
#pragma once

#include <functional>
#include <vector>

#include <halograph/autograd/tape.hpp>

namespace halograph::autograd {

using Segment = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

/// The VJP of segment(inputs) by recording it. Collective if the segment is.
std::vector<Tensor> replay(const Segment& segment, const VjpArguments& arguments);

}  // namespace halograph::autograd
