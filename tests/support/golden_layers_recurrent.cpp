// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/layer_case_lists.hpp"

namespace halograph::testing {

void add_recurrent_golden(std::map<std::string, MakeGoldenLayer>&) {}

}  // namespace halograph::testing
