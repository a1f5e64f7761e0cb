// SPDX-License-Identifier: BSD-3-Clause
// Calls that must throw, and the words that their messages must have.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include <halograph/core/error.hpp>

namespace halograph::testing {

/// Fails the running test unless `call` throws a UsageError whose message has all of `parts`.
inline void expect_refusal(const std::function<void()>& call, const std::vector<std::string>& parts) {
  try {
    call();
    ADD_FAILURE() << "accepted";
  } catch (const UsageError& error) {
    for (const std::string& part : parts)
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what() << " lacks " << part;
  }
}

}  // namespace halograph::testing
