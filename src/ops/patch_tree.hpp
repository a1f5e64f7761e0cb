// SPDX-License-Identifier: BSD-3-Clause
// The patches of a tensor's rows as kernels see them. A replicated tensor is a single patch, and
// its sum needs nobody else.
#pragma once

#include <array>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/graph/dist/row_space.hpp>
#include <kernels/kernels.hpp>

namespace halograph::ops {

class PatchRows {
 public:
  explicit PatchRows(const Tensor& x) : space_(x.row_space()), device_(x.device()) {
    if (!space_) {
      whole_ = {0, x.rows()};
      subtree_.push_back({0, 0});
      return;
    }
    for (const PatchSubtree& s : space_->tree()->subtrees()) subtree_.push_back({s.level, s.index});
  }
  PatchRows(const PatchRows&) = delete;
  PatchRows& operator=(const PatchRows&) = delete;

  kernels::PatchTree view() const {
    const int n = int(subtree_.size());
    if (!space_) return {whole_.data(), nullptr, 0, 1, 1, subtree_.data(), n};
    return {space_->offset().data(),
            space_->offset_on(device_),
            space_->first_patch(),
            space_->n_local_patches(),
            space_->tree()->n_patches(),
            subtree_.data(),
            n};
  }

  /// Uninitialised partial sums, [n_subtrees, size].
  Tensor partials(std::int64_t size, const Tensor& like) const {
    return Tensor::empty(std::int64_t(subtree_.size()), size, like.dtype(), nullptr, like.device());
  }

  /// Their sum over all patches of all ranks, [1, size]. Collective if partitioned.
  Tensor total(const Tensor& partials) const;

 private:
  RowSpacePtr space_;
  Device device_;
  std::array<std::int64_t, 2> whole_{};
  std::vector<kernels::Subtree> subtree_;
};

}  // namespace halograph::ops
