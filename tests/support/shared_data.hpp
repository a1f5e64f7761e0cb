// SPDX-License-Identifier: BSD-3-Clause
// Reference data that is not part of the source tree: meshes, fields and trajectories of other codes. The
// folder is named by the environment variable HALOGRAPH_SHARED; without it, it is ../shared beside the source
// tree. A test that needs a file begins with
//   if (const auto why = shared_missing("golden/nekrs_tgv"); !why.empty()) GTEST_SKIP() << why;
#pragma once

#include <filesystem>
#include <string>

namespace halograph::testing {

/// The place of `relative` inside the folder of reference data; it need not exist.
std::filesystem::path shared_path(const std::filesystem::path& relative);

/// Empty if shared_path(relative) exists, else a sentence that says what is missing and what to set.
std::string shared_missing(const std::filesystem::path& relative);

}  // namespace halograph::testing
