// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// Numbers the nodes of all ranks through, rank after rank, and returns the number of each id in `wanted`. Throws
/// FileError on all ranks for an id that no rank has; `source` names the file. Collective.
std::vector<std::int64_t> point_numbers(const Communicator& comm, const std::vector<std::int64_t>& node_id,
                                        const std::vector<std::int64_t>& wanted, const std::string& source);

}  // namespace halograph
