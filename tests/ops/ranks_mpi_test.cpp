// SPDX-License-Identifier: BSD-3-Clause
// One rank and many, and every device, give the same bits: every rank also computes the whole graph by itself on the
// host and compares its own rows. Eight ranks are more than there are patches, and one patch is empty.
#include <gtest/gtest.h>

#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>

#include "tests/support/digests/case_results.hpp"
#include "tests/support/digests/same_rows.hpp"
#include "tests/support/on_device.hpp"

namespace halograph::testing {
namespace {

// Enough rows for several tasks, so that threads have something to share.
constexpr GraphSize large{500, 4000, 7};
constexpr GraphSize small{40, 200, 7};

struct Way {
  bool overlap;
  int threads;
  Device device;
};

void check_ranks(DType dtype, const GraphSize& size, const Way& way) {
  const Graph alone = make_graph(Communicator(MPI_COMM_SELF), size, Device::host());
  const Graph shared = make_graph(Communicator(MPI_COMM_WORLD), size, way.device);
  for (const OpCase& c : op_cases()) {
    SCOPED_TRACE(c.name);
    const Tensors whole = [&] {
      const OnDevice host(Device::host());
      return case_results(alone, c, dtype);
    }();
    set_overlap(way.overlap);
    set_threads(way.threads);
    const OnDevice device(way.device);
    const Tensors mine = case_results(shared, c, dtype);
    set_overlap(true);
    set_threads(1);
    ASSERT_EQ(mine.size(), whole.size());
    for (std::size_t i = 0; i < mine.size(); ++i) expect_rows_of(mine[i], whole[i], i);
  }
}

TEST(OpRanks, SameBitsInSingle) { check_ranks(DType::f32, large, {true, 1, Device::preferred()}); }
TEST(OpRanks, SameBitsInDouble) { check_ranks(DType::f64, large, {true, 1, Device::preferred()}); }
TEST(OpRanks, SameBitsWithoutOverlap) { check_ranks(DType::f32, large, {false, 1, Device::preferred()}); }
TEST(OpRanks, SameBitsWithTwoThreads) { check_ranks(DType::f64, large, {true, 2, Device::preferred()}); }
// Opening and closing the guarded memory takes its time.
TEST(OpRanks, SameBitsOnTheGuardedDevice) {
  if (Communicator(MPI_COMM_WORLD).size() > 3) GTEST_SKIP() << "slow, and three ranks show it";
  check_ranks(DType::f32, small, {true, 1, Device::guarded()});
}

}  // namespace
}  // namespace halograph::testing
