// SPDX-License-Identifier: BSD-3-Clause
// Each kernel file enters its kernels into the table of the back end it is compiled for.
#pragma once

#include <kernels/kernels.hpp>
#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

void register_elementwise(Table& table);
void register_gather(Table& table);
void register_segment(Table& table);
void register_columns(Table& table);
void register_norm(Table& table);
void register_optim(Table& table);
void register_random(Table& table);

// Host only: dense products and sums over rows (kernels/host).
void register_linear(Table& table);
void register_row_sums(Table& table);

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
