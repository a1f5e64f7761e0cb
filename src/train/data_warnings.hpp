// SPDX-License-Identifier: BSD-3-Clause
// What a user wants to know of the data before he trusts a result. Both functions print warnings (mpi/log.hpp).
#pragma once

#include <cstddef>
#include <string>

#include <halograph/train/case.hpp>

namespace halograph::train {

/// Warns of channels that are constant and of targets that are among the inputs. Collective.
void warn_of_training_data(const Case& data, const Config& config);

/// Warns where the inputs of the frames [first, last) or the edges leave the ranges that they had in training; `source`
/// names the data. Collective.
void warn_of_other_ranges(const Case& data, const Config& config, std::size_t first, std::size_t last,
                          const std::string& source);

}  // namespace halograph::train
