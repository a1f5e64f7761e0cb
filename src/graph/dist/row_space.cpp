// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/row_space.hpp>

#include <halograph/core/error.hpp>

#include "core/row_check.hpp"
#include "core/transfer.hpp"

namespace halograph {

RowSpace::RowSpace(std::string name, std::shared_ptr<const TreeSum> tree, std::vector<std::int64_t> offset)
    : name_(std::move(name)), tree_(std::move(tree)), offset_(std::move(offset)) {
  const std::size_t rank = std::size_t(comm().rank());
  const std::int64_t patches = tree_->first_patch()[rank + 1] - tree_->first_patch()[rank];
  require_all<UsageError>(comm(), std::int64_t(offset_.size()) == patches + 1 && offset_.front() == 0, "RowSpace ",
                          name_, ": ", offset_.size(), " offsets for ", patches, " patches");
  global_rows_ = comm().sum(offset_.back());
  first_row_ = comm().exclusive_sum(offset_.back());
}

std::int64_t RowSpace::first_patch() const { return tree_->first_patch()[std::size_t(comm().rank())]; }

const std::int64_t* RowSpace::offset_on(Device device) const {
  if (device.host_readable()) return offset_.data();
  if (!device_offset_ || device_offset_->device() != device) {
    const std::int64_t bytes = std::int64_t(offset_.size() * sizeof(std::int64_t));
    auto buffer = std::make_shared<Buffer>(bytes, device);
    upload(*buffer, offset_.data(), bytes);
    device_offset_ = std::move(buffer);
  }
  return static_cast<const std::int64_t*>(device_offset_->data());
}

void require_rows_of(const RowSpace& space, std::int64_t rows) {
  require(rows == space.local_rows(), "Tensor: ", rows, " rows over ", space.name(), ", which has ", space.local_rows(),
          " rows on this rank");
}

}  // namespace halograph
