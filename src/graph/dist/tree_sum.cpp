// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/tree_sum.hpp>

#include <algorithm>
#include <utility>

#include "core/transfer.hpp"
#include "core/views.hpp"
#include "graph/routing/routing.hpp"
#include "mpi/waiting.hpp"

namespace halograph {
namespace {

constexpr int tree_tag = 7001;
constexpr const char* what = "a sum over rows";

/// Messages in the longest chain that ends with the sum of a subtree.
int chain(std::span<const std::int64_t> first_patch, int level, std::int64_t index) {
  const std::int64_t begin = index << level, end = std::min((index + 1) << level, first_patch.back());
  const int left_owner = owner_of(first_patch, begin);
  if (begin >= end || first_patch[std::size_t(left_owner) + 1] >= end) return 0;
  const std::int64_t middle = (2 * index + 1) << (level - 1);
  const int left = chain(first_patch, level - 1, 2 * index);
  if (middle >= first_patch.back()) return left;
  const int right = chain(first_patch, level - 1, 2 * index + 1);
  return std::max(left, right) + (owner_of(first_patch, middle) != left_owner ? 1 : 0);
}

}  // namespace

TreeSum::TreeSum(Communicator comm, std::vector<std::int64_t> first_patch)
    : comm_(std::move(comm)), first_patch_(std::move(first_patch)) {
  require(std::int64_t(first_patch_.size()) == comm_.size() + 1 && first_patch_.front() == 0 &&
              std::is_sorted(first_patch_.begin(), first_patch_.end()),
          "TreeSum: the patch offsets of ", comm_.size(), " ranks must ascend from 0");
  int depth = 0;
  while ((std::int64_t(1) << depth) < n_patches()) ++depth;
  int subtrees = 0;
  if (n_patches() > 0) root_slot_ = plan(depth, 0, subtrees);
}

int TreeSum::owner_of(std::int64_t patch) const { return halograph::owner_of(first_patch_, patch); }

/// Appends this rank's part of the work on a subtree; returns the slot that holds the subtree's sum
/// here, or -1 if it ends up elsewhere. The sum of a subtree is formed by the owner of its first patch.
int TreeSum::plan(int level, std::int64_t index, int& next_subtree) {
  const std::int64_t begin = index << level, end = std::min((index + 1) << level, n_patches());
  const std::int64_t mine_begin = first_patch_[std::size_t(comm_.rank())];
  const std::int64_t mine_end = first_patch_[std::size_t(comm_.rank()) + 1];
  if (begin >= mine_end || end <= mine_begin) return -1;
  if (mine_begin <= begin && end <= mine_end) {
    subtrees_.push_back({level, index});
    return next_subtree++;
  }
  const std::int64_t middle = (2 * index + 1) << (level - 1);
  const int left = plan(level - 1, 2 * index, next_subtree);
  if (middle >= n_patches()) return left;
  const int right = plan(level - 1, 2 * index + 1, next_subtree);
  const int left_owner = owner_of(begin), right_owner = owner_of(middle);
  if (left_owner == right_owner) {
    if (left_owner != comm_.rank()) return -1;
    steps_.push_back({Step::Kind::add, 0, left, right});
    return left;
  }
  if (right_owner == comm_.rank()) {
    steps_.push_back({Step::Kind::send, left_owner, right, 0});
    ++messages_;
    return -1;
  }
  if (left_owner != comm_.rank()) return -1;
  steps_.push_back({Step::Kind::receive_and_add, right_owner, left, 0});
  return left;
}

Tensor TreeSum::total(const Tensor& partials) const {
  require(partials.rows() == std::int64_t(subtrees_.size()), "TreeSum: ", partials.rows(), " partials for ",
          subtrees_.size(), " subtrees");
  const std::int64_t size = partials.cols();
  ++traffic_.sums;
  traffic_.messages_sent += messages_;
  traffic_.bytes_sent += messages_ * size * std::int64_t(size_of(partials.dtype()));
  Tensor result = Tensor::empty(1, size, partials.dtype(), nullptr, partials.device());
  if (comm_.size() == 1) {
    if (root_slot_ < 0) kernels::table(result.device()).fill(0, out(result));
    else kernels::table(result.device()).copy(in(partials.row_view(root_slot_, 1)), out(result));
    return result;
  }
  // Messages leave from host memory whatever the device of the partials.
  const Device host = Device::host();
  Tensor sums = partials;
  if (!partials.device().host_readable()) {
    sums = Tensor::empty(partials.rows(), size, partials.dtype(), nullptr, host);
    download(in(partials), partials.device(), out(sums));
  }
  Tensor received = Tensor::empty(1, size, partials.dtype(), nullptr, host);
  const MPI_Datatype type = partials.dtype() == DType::f32 ? MPI_FLOAT : MPI_DOUBLE;
  for (const Step& step : steps_) {
    const Tensor slot = sums.row_view(step.slot, 1);
    if (step.kind == Step::Kind::send) {
      const Waiting waiting(comm_, what, step.peer);
      check_mpi(MPI_Send(slot.data(), int(size), type, step.peer, tree_tag, comm_.raw()), "MPI_Send");
      continue;
    }
    Tensor other = received;
    if (step.kind == Step::Kind::add) {
      other = sums.row_view(step.other, 1);
    } else {
      const Waiting waiting(comm_, what, step.peer);
      check_mpi(MPI_Recv(received.data(), int(size), type, step.peer, tree_tag, comm_.raw(), MPI_STATUS_IGNORE),
                "MPI_Recv");
    }
    kernels::table(host).binary(kernels::Binary::add, in(slot), in(other), out(slot));
  }
  const int root = n_patches() > 0 ? owner_of(0) : 0;
  if (comm_.rank() == root) {
    if (root_slot_ < 0) kernels::table(host).fill(0, out(received));
    else kernels::table(host).copy(in(sums.row_view(root_slot_, 1)), out(received));
  }
  {
    const Waiting waiting(comm_, what, comm_.rank() == root ? Waiting::everyone : root);
    check_mpi(MPI_Bcast(received.data(), int(size), type, root, comm_.raw()), "MPI_Bcast");
  }
  upload(in(received), out(result), result.device());
  return result;
}

int tree_depth(std::span<const std::int64_t> first_patch) {
  int depth = 0;
  while ((std::int64_t(1) << depth) < first_patch.back()) ++depth;
  return first_patch.back() > 0 ? chain(first_patch, depth, 0) : 0;
}

}  // namespace halograph
