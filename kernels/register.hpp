// SPDX-License-Identifier: BSD-3-Clause
// Each kernel file enters its kernels into the table of the back end it is compiled for.
#pragma once

#include <kernels/kernels.hpp>
#include <kernels/launch/qualifiers.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

void register_elementwise(Table& table);
void register_gather(Table& table);
void register_segment(Table& table);
void register_segment_moments(Table& table);
void register_segment_product(Table& table);
void register_segment_softmax(Table& table);
void register_weighted(Table& table);
void register_weighted_max(Table& table);
void register_vector_message(Table& table);
void register_columns(Table& table);
void register_norm(Table& table);
void register_gru(Table& table);
void register_optim(Table& table);
void register_random(Table& table);

// Dense products, sums over rows and fused networks: kernels/host and kernels/device.
void register_linear(Table& table);
void register_row_sums(Table& table);
void register_group_sums(Table& table);
void register_mlp(Table& table);
void register_mlp_gradient(Table& table);

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
