// SPDX-License-Identifier: BSD-3-Clause
#include <kernels/search_register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Fills the search table of this back end.
void register_search(SearchTable& table) {
  register_nearest(table);
  register_within(table);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
