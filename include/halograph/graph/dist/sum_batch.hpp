// SPDX-License-Identifier: BSD-3-Clause
// Sums over ranks put off and done together: while a batch is open, total() of partial sums returns
// a pending tensor, and the first read of any of them sums them all in one message per tree step.
// A backward pass opens one, so that the gradients of all parameters travel together.
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
