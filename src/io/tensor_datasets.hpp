// SPDX-License-Identifier: BSD-3-Clause
// Named tensors as the datasets of one HDF5 group.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <halograph/io/archive.hpp>

#include "file_plan.hpp"
#include "hdf5_input.hpp"

namespace halograph {

/// Adds the datasets to a plan. Their bytes are appended to `storage`, which must live until the plan is written.
void plan_tensors(h5::FilePlan& plan, std::deque<std::vector<char>>& storage, const std::string& group,
                  const std::vector<NamedTensor>& tensors);

/// All datasets of the group. Real numbers of up to 32 bits become f32, others and integers f64.
std::vector<NamedTensor> read_tensors(const h5::InputFile& file, const std::string& group);

/// Throws FileError if a value is not finite.
void require_finite(const std::string& path, const NamedTensor& tensor);

}  // namespace halograph
