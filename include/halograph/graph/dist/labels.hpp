// SPDX-License-Identifier: BSD-3-Clause
// Holds the class of each row, for classification: numbers 0..n_classes-1, or `Labels::none` for a row that has no
// label or does not count (a node outside the training set). Not differentiable.
#pragma once

#include <cstdint>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/row_space.hpp>

namespace halograph {

/// A handle: copies share everything.
class Labels {
 public:
  static constexpr std::int32_t none = -1;

  /// `label` [local rows of `rows`]. UsageError on all ranks alike for a number out of range, another number of labels
  /// than rows, and n_classes that differ between ranks. Collective.
  Labels(RowSpacePtr rows, std::vector<std::int32_t> label, std::int64_t n_classes,
         Device device = Device::preferred());
  /// Of replicated rows, one for each graph of a batch: the same on every rank. Not collective.
  Labels(std::vector<std::int32_t> label, std::int64_t n_classes, Device device = Device::preferred());

  /// Null: replicated.
  const RowSpacePtr& rows() const { return rows_; }
  const std::vector<std::int32_t>& values() const { return *values_; }
  std::int64_t n_classes() const { return n_classes_; }
  /// Rows with a label, over all ranks.
  std::int64_t n_labelled() const { return n_labelled_; }

  /// [n, n_classes] with 1 in the column of a row's class and 0 elsewhere; a row without a label is 0.
  Tensor one_hot(DType dtype) const;
  /// [n, 1]: 1 for rows with a label, 0 for those without.
  Tensor labelled(DType dtype) const;

 private:
  RowSpacePtr rows_;
  std::shared_ptr<const std::vector<std::int32_t>> values_;
  std::int64_t n_classes_ = 0, n_labelled_ = 0;
  Device device_;
};

}  // namespace halograph
