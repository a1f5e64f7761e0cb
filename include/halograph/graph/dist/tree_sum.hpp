// SPDX-License-Identifier: BSD-3-Clause
// Sums over patches, across ranks, along one fixed binary tree over patch numbers. Each rank owns a contiguous run of
// patches and brings the partial sums of the largest subtrees that lie inside its run. The rest of the tree is walked
// by point-to-point messages, at most about 2 log2(patches) of them per rank, and the total is broadcast. The additions
// are the same ones, in the same order, for every number of ranks.
//
// All ranks walk the tree in the same order, so blocking sends cannot deadlock, buffered or not: the first unfinished
// message always has both ends ready.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/mpi/communicator.hpp>

namespace halograph {

/// patches [index << level, (index + 1) << level)
struct PatchSubtree {
  int level = 0;
  std::int64_t index = 0;
};

/// What calls of total() have cost this rank since the last reset, broadcasts not counted.
struct SumTraffic {
  std::int64_t sums = 0, messages_sent = 0, bytes_sent = 0;
};

class TreeSum {
 public:
  /// `first_patch` has comm.size() + 1 entries: rank r owns patches [first_patch[r],
  /// first_patch[r + 1]), an empty run for an idle rank. Not collective, but the same everywhere.
  TreeSum(Communicator comm, std::vector<std::int64_t> first_patch);

  const Communicator& comm() const { return comm_; }
  const std::vector<std::int64_t>& first_patch() const { return first_patch_; }
  std::int64_t n_patches() const { return first_patch_.back(); }
  /// The local subtrees, in ascending order.
  const std::vector<PatchSubtree>& subtrees() const { return subtrees_; }

  /// `partials` [n_subtrees, size] of the local subtrees -> their total [1, size] on all ranks,
  /// replicated. `partials` is used as scratch. Collective.
  Tensor total(const Tensor& partials) const;

  /// Messages that this rank sends in one call of total(), the broadcast not counted.
  int messages() const { return messages_; }

  const SumTraffic& traffic() const { return traffic_; }
  void reset_traffic() const { traffic_ = {}; }

 private:
  struct Step {
    enum class Kind { send, receive_and_add, add } kind;
    int peer = 0;
    int slot = 0, other = 0;
  };
  int plan(int level, std::int64_t index, int& next_subtree);
  int owner_of(std::int64_t patch) const;

  Communicator comm_;
  std::vector<std::int64_t> first_patch_;
  std::vector<PatchSubtree> subtrees_;
  std::vector<Step> steps_;
  int root_slot_ = -1;
  int messages_ = 0;
  mutable SumTraffic traffic_;
};

/// Messages that follow one upon the other, at most, until one rank has the sum: log2 of the ranks if the runs are
/// those of a power of two, each a subtree.
int tree_depth(std::span<const std::int64_t> first_patch);

}  // namespace halograph
