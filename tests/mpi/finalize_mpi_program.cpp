// SPDX-License-Identifier: BSD-3-Clause
// What outlives MPI_Finalize: a graph, communicators, channels, and results of all kinds that nobody has read, in the
// scope of main and in static objects. The program ends cleanly; what had arrived may still be read, what had not says
// why not.
#include <cstdio>
#include <functional>
#include <optional>

#include <halograph/halograph.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace {

using namespace halograph;

/// Destroyed after main.
struct Kept {
  std::optional<Communicator> comm;
  std::vector<Tensor> tensors;
};
Kept& kept() {
  static Kept it;
  return it;
}

int faults = 0;

void expect(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "FAILED: %s\n", what);
  ++faults;
}

void expect_refused(const std::function<void()>& body, const char* what) {
  try {
    body();
  } catch (const UsageError& error) {
    expect(std::string(error.what()).find("after MPI_Finalize") != std::string::npos, error.what());
    return;
  }
  expect(false, what);
}

/// A ring: each rank has one node of its own and a copy of the next one's.
SolverGraph ring(const Communicator& comm) {
  const int r = comm.rank(), n = comm.size();
  std::vector<std::int64_t> ids{r};
  std::vector<int> owner{r};
  std::vector<std::int32_t> from, to;
  if (n > 1) {
    ids.push_back((r + 1) % n);
    owner.push_back((r + 1) % n);
    from = {1};
    to = {0};
  }
  return from_partition(
      comm, {.node_id = ids, .owner = owner, .edge_source = from, .edge_target = to, .edge_id = {}, .patch = {}});
}

int run() {
  const Communicator comm(MPI_COMM_WORLD), part = comm.split(comm.rank() % 2, 0);
  const bool alone = comm.size() == 1;
  kept().comm = comm;
  const SolverGraph solver = ring(comm);
  const Graph& graph = solver.graph();
  const std::int64_t n = solver.n_local();
  std::vector<double> u(std::size_t(n), comm.rank() + 1.0);
  const Tensor x = solver.from_local(Tensor::borrow(u.data(), n, 1, DType::f64)).set_requires_grad();
  const nn::GCNConv conv(Scope(Random(1), DType::f64) / "c", {.in_channels = 1, .out_channels = 1});
  const Tensor y = conv(graph, x);
  const Tensor w = Tensor::full(1, 1, 2.0, DType::f64).set_requires_grad();
  const auto gradients = grad(ops::sum(ops::multiply(y, w)), std::vector<Tensor>{w, x});

  // The larger graph has neighbours on all ranks; several exchanges are under way at the same time.
  const Graph large = halograph::testing::make_graph(comm, {200, 600, 8}, Device::host());
  const Tensor values = Tensor::full(large.n_nodes(), 3, 5.0, DType::f32, large.nodes());
  const Tensor local = solver.to_local(x), halo = large.exchange()->start(values, large.ghosts());
  const Tensor back = large.exchange()->start_adjoint(
      Tensor::full(large.n_ghosts(), 3, 1.0, DType::f32, large.ghosts()), large.nodes());
  kept().tensors = {large.exchange()->start(values, large.ghosts()), y, conv(graph, x)};
  large.exchange()->start(values, large.ghosts());  // dropped at once
  SumBatch batch;
  const Tensor sum = ops::sum_rows(values);
  kept().tensors.push_back(sum);

  MPI_Finalize();

  const std::vector<double> arrived = local.to_vector<double>();
  expect(arrived.front() == comm.rank() + 1.0, "an own value");
  expect(alone || arrived.back() == (comm.rank() + 1) % comm.size() + 1.0, "a value from another rank");
  for (const float value : halo.to_vector<float>()) expect(value == 5.0f, "a halo value");
  expect(back.to_vector<float>().size() == std::size_t(large.n_nodes() * 3), "an adjoint");
  if (!alone) {
    expect_refused([&] { sum.to_vector<float>(); }, "a sum");
    expect_refused(
        [&] {
          ops::mean(values).item();
          batch.flush();
        },
        "a mean");
    expect_refused([&] { large.exchange()->start(values, large.ghosts()); }, "an exchange over an old channel");
    expect_refused(
        [&] {
          large.exchange()->start(Tensor::full(large.n_nodes(), 7, 1.0, DType::f32, large.nodes()), large.ghosts());
        },
        "an exchange over a new channel");
    expect_refused([&] { comm.barrier(); }, "a barrier");
    expect_refused([&] { comm.sum(1); }, "a sum of integers");
    expect_refused([&] { comm.split(0, 0); }, "a split");
  }
  return faults == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  return run();
}
