// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/row_selection.hpp>

#include <algorithm>
#include <functional>

namespace halograph {

RowSelection::RowSelection(RowSpacePtr from, const std::vector<std::int32_t>& rows, Device device)
    : from_(std::move(from)) {
  const bool ascending = std::adjacent_find(rows.begin(), rows.end(), std::greater_equal<>()) == rows.end();
  const bool inside = rows.empty() || (rows.front() >= 0 && rows.back() < from_->local_rows());
  require_all<UsageError>(from_->comm(), ascending && inside, "RowSelection: ", rows.size(), " rows of ",
                          from_->local_rows(), " ", from_->name(), " must ascend and lie among them");
  std::vector<std::int64_t> offset;
  for (const std::int64_t first : from_->offset())
    offset.push_back(std::lower_bound(rows.begin(), rows.end(), first) - rows.begin());
  rows_ = std::make_shared<const RowSpace>("some " + from_->name(), from_->tree(), std::move(offset));
  row_ = Index(rows, device);
}

}  // namespace halograph
