// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/layer_case_lists.hpp"

namespace halograph::testing {

void add_recurrent_layers(std::vector<LayerCase>&) {}

}  // namespace halograph::testing
