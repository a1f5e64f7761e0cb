// SPDX-License-Identifier: BSD-3-Clause
// One rank's rows against those of a rank that has them all.
#pragma once

#include <halograph/core/tensor.hpp>

namespace halograph::testing {

/// Expects shape, layout and every bit of `mine` to be those of its rows in `whole`, all of which are on this rank;
/// `result` is a number for the message.
void expect_rows_of(const Tensor& mine, const Tensor& whole, std::size_t result);

}  // namespace halograph::testing
