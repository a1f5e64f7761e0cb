// SPDX-License-Identifier: BSD-3-Clause
// The parts of the list of operations, one a file.
#pragma once

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {

void add_elementwise_cases(std::vector<OpCase>& cases);
void add_dense_cases(std::vector<OpCase>& cases);
void add_row_cases(std::vector<OpCase>& cases);
void add_message_cases(std::vector<OpCase>& cases);
void add_mlp_cases(std::vector<OpCase>& cases);
void add_geometry_cases(std::vector<OpCase>& cases);
void add_aggregate_cases(std::vector<OpCase>& cases);
void add_pool_cases(std::vector<OpCase>& cases);
void add_composed_cases(std::vector<OpCase>& cases);
void add_weighted_cases(std::vector<OpCase>& cases);
void add_vector_cases(std::vector<OpCase>& cases);
void add_rearrange_cases(std::vector<OpCase>& cases);
void add_rewire_cases(std::vector<OpCase>& cases);
void add_recurrent_cases(std::vector<OpCase>& cases);
void add_loss_cases(std::vector<OpCase>& cases);

}  // namespace halograph::testing
