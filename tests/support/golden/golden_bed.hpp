// SPDX-License-Identifier: BSD-3-Clause
// A reference file of a layer spread over ranks: the graph cut into three patches, rows moved to their owners, results
// moved back to the order of the file.
#pragma once

#include <halograph/graph/dist/migration.hpp>

#include "tests/support/golden/golden_layers.hpp"

namespace halograph::testing {

class GoldenSetup {
 public:
  /// Keeps a reference to `file`. Collective.
  GoldenSetup(const ReferenceFile& file, const Communicator& comm, DType dtype);

  const GoldenBed& bed() const { return bed_; }

  /// cos(k) for k = first, first + 1, ..., row-major in the order of the file, over the rows of `like`. Collective.
  Tensor cosines(const Tensor& like, std::int64_t first) const;
  /// max |tensor - data set| / max(1, max |data set|), rows in the order of the file; infinite where the numbers of
  /// elements differ. The same on all ranks. Collective.
  double error(const Tensor& tensor, const std::string& data_set) const;

 private:
  const Migration* migration(const RowSpacePtr& space) const;

  Migration nodes_, edges_;
  GoldenBed bed_;
};

}  // namespace halograph::testing
