// SPDX-License-Identifier: BSD-3-Clause
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

void register_mlp(Table&) {}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
