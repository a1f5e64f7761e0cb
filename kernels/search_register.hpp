// SPDX-License-Identifier: BSD-3-Clause
// As register.hpp, for the kernels of neighbour search.
#pragma once

#include <kernels/launch/qualifiers.hpp>
#include <kernels/search.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

void register_nearest(SearchTable& table);
void register_within(SearchTable& table);

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
