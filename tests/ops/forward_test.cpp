// SPDX-License-Identifier: BSD-3-Clause
// Every operation against its plain loops, on the host and on the guarded device.
#include <gtest/gtest.h>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

void expect_near(const Array& found, const Array& expected, double tolerance) {
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_EQ(found.cols(), expected.cols());
  const double scale = 1 + expected.abs().maxCoeff();
  EXPECT_LE((found - expected).abs().maxCoeff(), tolerance * scale);
}

void check_forward(DType dtype, Device device, double tolerance) {
  const Graph graph = make_graph(Communicator(), size, device);
  const Topology plain = topology(size);
  for (const OpCase& c : op_cases()) {
    if (!c.reference) continue;
    SCOPED_TRACE(c.name);
    const Tensors x = random_operands(graph, c, dtype);
    Arrays values;
    for (const Tensor& operand : x) values.push_back(to_array(operand));
    const Tensors found = c.op(graph, x);
    const Arrays expected = c.reference(plain, values);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i].dtype(), dtype);
      EXPECT_EQ(found[i].device(), device);
      expect_near(to_array(found[i]), expected[i], tolerance);
    }
  }
}

TEST(OpForward, EqualsPlainLoopsInDouble) { check_forward(DType::f64, Device::host(), 2e-14); }
TEST(OpForward, EqualsPlainLoopsInSingle) { check_forward(DType::f32, Device::host(), 3e-6); }
TEST(OpForward, EqualsPlainLoopsOnTheGuardedDevice) { check_forward(DType::f64, Device::guarded(), 2e-14); }

TEST(OpForward, MeetsTheGraphThatTheReferencesDescribe) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  const Topology plain = topology(size);
  EXPECT_EQ(graph.n_nodes(), plain.nodes);
  EXPECT_EQ(graph.n_edges(), plain.edges());
  EXPECT_EQ(graph.n_ghosts(), plain.ghosts());
  EXPECT_GT(plain.ghosts(), 0);
}

TEST(GraphDegree, IsMadeOnceForEachType) {
  const Graph graph = make_graph(Communicator(), size, Device::guarded());
  const Topology plain = topology(size);
  std::vector<double> degree(std::size_t(plain.nodes), 0);
  for (const std::int64_t target : plain.target) ++degree[std::size_t(target)];
  const Graph copy = graph;
  for (const DType dtype : {DType::f32, DType::f64}) {
    const Tensor found = graph.in_degree(dtype);
    EXPECT_EQ(found.dtype(), dtype);
    EXPECT_EQ(found.to_vector<double>(), degree);
    EXPECT_EQ(copy.in_degree(dtype).data(), found.data());
  }
}

}  // namespace
}  // namespace halograph::testing
