// SPDX-License-Identifier: BSD-3-Clause
// Digests of results that an earlier version of the library gave, in tests/data/digests.txt: a change that should not
// touch the mathematics must not touch a bit. With HALOGRAPH_RECORD_DIGESTS=<file> nothing is compared; the lines that
// the test finds are appended to the file instead.
#pragma once

#include <string>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::testing {

/// Returns the first 16 digits of the SHA-256 over the values of all tensors in turn.
std::string digest_of(const std::vector<Tensor>& tensors);

/// Fails the running test unless the digest recorded as `name` is `digest`, or if none is recorded.
void expect_recorded(const std::string& name, const std::string& digest);

}  // namespace halograph::testing
