// SPDX-License-Identifier: BSD-3-Clause
// Puts off sums over ranks and does them together. While a batch is open, total() of partial sums returns a pending
// tensor. The first read of any of them sums them all, with one message per step of the tree. A backward pass opens
// a batch, so that the gradients of all parameters travel together.
#pragma once

#include <memory>
#include <vector>

#include <halograph/graph/dist/tree_sum.hpp>

namespace halograph {

class SumBatch {
 public:
  SumBatch();
  ~SumBatch();
  SumBatch(const SumBatch&) = delete;
  SumBatch& operator=(const SumBatch&) = delete;

  /// Whether a batch is open on this thread.
  static bool open();

  /// Sums all that has been put off so far. Collective.
  void flush();

 private:
  friend Tensor sum_partials(const std::shared_ptr<const TreeSum>& tree, const Tensor& partials);
  struct State;
  std::shared_ptr<State> state_;
  SumBatch* outer_;
};

/// tree->total(partials), put off if a batch is open. Collective.
Tensor sum_partials(const std::shared_ptr<const TreeSum>& tree, const Tensor& partials);

}  // namespace halograph
