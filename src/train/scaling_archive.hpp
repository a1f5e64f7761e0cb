// SPDX-License-Identifier: BSD-3-Clause
// The scaling of a network in its files: models and checkpoints hold it alike. docs/file_format.md has the layout.
#pragma once

#include <optional>
#include <string>

#include <halograph/io/archive.hpp>
#include <halograph/train/scaling.hpp>

namespace halograph::train {

void put_scaling(Archive& archive, const Scaling& scaling);

/// Takes the scaling out of an archive; none where an earlier version wrote it without one. Throws FileError naming
/// `path`.
std::optional<Scaling> take_scaling(Archive& archive, const std::string& path);

/// The first difference as "field 'p' has the mean 3 here, but 4 in the checkpoint"; empty if there is none.
std::string difference(const Scaling& here, const Scaling& there);

}  // namespace halograph::train
