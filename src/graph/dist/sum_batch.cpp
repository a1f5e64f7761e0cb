// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/sum_batch.hpp>

#include <utility>

#include "core/views.hpp"

namespace halograph {
namespace {

SumBatch*& open_batch() {
  static thread_local SumBatch* batch = nullptr;
  return batch;
}

}  // namespace

struct SumBatch::State : Pending, std::enable_shared_from_this<State> {
  struct Item {
    std::shared_ptr<const TreeSum> tree;
    Tensor partials, result;
  };
  std::vector<Item> items;

  Kind kind() const override { return Kind::sum; }

  void finish() override {
    // Items leave first: the kernels below read tensors, and none of them may come back here.
    std::vector<Item> work = std::exchange(items, {});
    for (Item& item : work) item.result.handle()->pending.reset();
    std::size_t begin = 0;
    while (begin < work.size()) {
      std::size_t end = begin;
      std::int64_t size = 0;
      const auto alike = [&](const Item& item) {
        return item.tree == work[begin].tree && item.result.dtype() == work[begin].result.dtype();
      };
      for (; end < work.size() && alike(work[end]); ++end) size += work[end].partials.cols();
      sum(std::span(work).subspan(begin, end - begin), size);
      begin = end;
    }
  }

  static void sum(std::span<const Item> items, std::int64_t size) {
    const Tensor& like = items.front().partials;
    const auto& table = kernels::table(like.device());
    const Tensor all = Tensor::empty(like.rows(), size, like.dtype(), nullptr, like.device());
    std::int64_t at = 0;
    for (const Item& item : items) {
      table.copy(in(item.partials), out(all.column_view(at, item.partials.cols())));
      at += item.partials.cols();
    }
    const Tensor total = items.front().tree->total(all);
    at = 0;
    for (const Item& item : items) {
      table.copy(in(total.column_view(at, item.partials.cols())), out(item.result));
      at += item.partials.cols();
    }
  }
};

SumBatch::SumBatch() : state_(std::make_shared<State>()), outer_(open_batch()) { open_batch() = this; }

SumBatch::~SumBatch() { open_batch() = outer_; }

bool SumBatch::open() { return open_batch() != nullptr; }

void SumBatch::flush() { state_->finish(); }

Tensor sum_partials(const std::shared_ptr<const TreeSum>& tree, const Tensor& partials) {
  SumBatch* batch = open_batch();
  if (!batch) return tree->total(partials);
  Tensor result = Tensor::empty(1, partials.cols(), partials.dtype(), nullptr, partials.device());
  result.handle()->pending = batch->state_;
  batch->state_->items.push_back({tree, partials, result});
  return result;
}

}  // namespace halograph
