// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/scaling.hpp>

namespace halograph::train {
namespace {

void append(std::vector<double>& all, const std::vector<double>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

/// `see` gets the statistics of each name that has some.
template <class See>
void for_each_field(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names, See see) {
  for (const std::string& name : names)
    for (const FieldStatistics& one : all)
      if (one.field == name) see(one);
}

}  // namespace

data::Statistics joined(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names) {
  data::Statistics result;
  for_each_field(all, names, [&](const FieldStatistics& one) {
    append(result.mean, one.values.mean);
    append(result.deviation, one.values.deviation);
    append(result.range.smallest, one.values.range.smallest);
    append(result.range.largest, one.values.range.largest);
  });
  return result;
}

std::optional<std::int64_t> column_of(const std::vector<FieldStatistics>& all, const std::vector<std::string>& names,
                                      const std::string& field) {
  std::optional<std::int64_t> found;
  std::int64_t column = 0;
  for_each_field(all, names, [&](const FieldStatistics& one) {
    if (!found && one.field == field) found = column;
    column += std::int64_t(one.values.mean.size());
  });
  return found;
}

}  // namespace halograph::train
