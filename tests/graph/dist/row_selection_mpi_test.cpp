// SPDX-License-Identifier: BSD-3-Clause
// Selected rows keep their patches and their order; what is no selection is refused by all ranks.
#include <gtest/gtest.h>

#include <halograph/core/error.hpp>
#include <halograph/graph/dist/row_selection.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/select.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

class RowSelections : public ::testing::Test {
 protected:
  const Graph graph_ = make_graph(Communicator(MPI_COMM_WORLD), {60, 100, 7}, Device::preferred());
  const RowSpacePtr nodes_ = graph_.nodes();

  /// Local rows whose global number is a multiple of `n`.
  std::vector<std::int32_t> multiples(std::int64_t n) const {
    std::vector<std::int32_t> rows;
    for (std::int64_t r = 0; r < nodes_->local_rows(); ++r)
      if ((nodes_->first_row() + r) % n == 0) rows.push_back(std::int32_t(r));
    return rows;
  }
};

TEST_F(RowSelections, KeepPatchesAndOrder) {
  const RowSelection thirds(nodes_, multiples(3));
  EXPECT_EQ(thirds.rows()->global_rows(), 20);
  EXPECT_EQ(thirds.rows()->tree(), nodes_->tree());
  const std::vector<std::int32_t> row = thirds.row().to_vector();
  EXPECT_EQ(row, multiples(3));
  const auto &of = thirds.rows()->offset(), &all = nodes_->offset();
  ASSERT_EQ(of.size(), all.size());
  for (std::size_t p = 0; p + 1 < of.size(); ++p)
    for (std::int64_t r = of[p]; r < of[p + 1]; ++r) {
      EXPECT_GE(row[std::size_t(r)], all[p]);
      EXPECT_LT(row[std::size_t(r)], all[p + 1]);
    }
  const Tensor ones = Tensor::full(nodes_->local_rows(), 2, 1, DType::f64, nodes_);
  EXPECT_EQ(ops::sum(ops::select_rows(thirds, ones)).item(), 40);
}

TEST_F(RowSelections, MayBeEmpty) {
  const RowSelection none(nodes_, {});
  EXPECT_EQ(none.rows()->global_rows(), 0);
  const Tensor ones = Tensor::full(nodes_->local_rows(), 2, 1, DType::f64, nodes_);
  EXPECT_EQ(ops::sum(ops::select_rows(none, ones)).item(), 0);
}

TEST_F(RowSelections, RefuseRowsOutOfOrderOrRangeOnAllRanks) {
  const bool first = graph_.comm().rank() == 0;
  const auto refused = [&](std::vector<std::int32_t> rows) {
    if (!first) rows = multiples(2);
    EXPECT_THROW(RowSelection(nodes_, rows), UsageError);
  };
  refused({0, 0});
  refused({1, 0});
  refused({-1});
  refused({std::int32_t(nodes_->local_rows())});
}

}  // namespace
}  // namespace halograph::testing
