// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace halograph {

/// Rows that go to, or come from, each rank: ranks ascending, rows in the order of the message.
using Routes = std::vector<std::pair<int, std::vector<std::int32_t>>>;

}  // namespace halograph
