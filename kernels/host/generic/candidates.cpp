// SPDX-License-Identifier: BSD-3-Clause
#include <kernels/host/candidates.hpp>

namespace halograph::kernels {

namespace portable {
void register_all(Table& table);
void register_search(SearchTable& table);
}  // namespace portable

std::vector<HostKernels> host_candidates() {
  return {{"portable", true, portable::register_all, portable::register_search}};
}

}  // namespace halograph::kernels
