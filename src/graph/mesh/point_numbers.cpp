// SPDX-License-Identifier: BSD-3-Clause
#include "graph/mesh/point_numbers.hpp"

#include <numeric>

#include "graph/routing/directory.hpp"

namespace halograph {

std::vector<std::int64_t> point_numbers(const Communicator& comm, const std::vector<std::int64_t>& node_id,
                                        const std::vector<std::int64_t>& wanted, const std::string& source) {
  std::vector<std::int64_t> number(node_id.size());
  std::iota(number.begin(), number.end(), comm.exclusive_sum(std::int64_t(node_id.size())));
  std::vector<std::int64_t> found = Directory<std::int64_t>(comm, node_id, number).find(wanted, -1);
  std::string error;
  for (std::size_t i = 0; i < found.size() && error.empty(); ++i)
    if (found[i] < 0) error = cat(source, ": a cell has the corner ", wanted[i], ", which is not a node");
  agree<FileError>(comm, error);
  return found;
}

}  // namespace halograph
