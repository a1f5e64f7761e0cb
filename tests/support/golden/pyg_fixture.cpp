// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/golden/pyg_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <halograph/core/error.hpp>
#include <halograph/io/state.hpp>
#include <halograph/io/weights.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

constexpr std::int32_t n_patches = 3;

/// The part of `n` rows that a rank starts with.
struct Share {
  Share(const Communicator& comm, std::int64_t n)
      : first(n * comm.rank() / comm.size()), last(n * (comm.rank() + 1) / comm.size()) {}
  std::vector<double> of(const std::vector<double>& all, std::int64_t cols) const {
    return {all.begin() + first * cols, all.begin() + last * cols};
  }
  std::int64_t first, last;
};

std::string data_path(const std::string& name) { return HALOGRAPH_TEST_DATA "/pyg_" + name + ".safetensors"; }

std::map<std::string, Tensor> by_name(const std::vector<NamedTensor>& tensors) {
  std::map<std::string, Tensor> map;
  for (const NamedTensor& one : tensors) map[one.name] = one.value;
  return map;
}

}  // namespace

PygFixture::PygFixture(const Communicator& comm, const std::string& name, DType dtype)
    : dtype_(dtype),
      path_(data_path(name)),
      weights_(load_weights(comm, path_)),
      data_(by_name(load_weights(comm, data_path(name + "_data")))),
      n_nodes_(data_.at(data_.contains("x") ? "x" : "pos").rows()),
      distributed_(distribute(comm, slab(comm))) {}

std::vector<double> PygFixture::numbers(const std::string& data) const { return data_.at(data).to_vector<double>(); }

GraphSlab PygFixture::slab(const Communicator& comm) const {
  GraphSlab slab;
  slab.n_patches = n_patches;
  const Share nodes(comm, n_nodes_);
  for (std::int64_t i = nodes.first; i < nodes.last; ++i) {
    slab.node_id.push_back(i);
    slab.patch.push_back(std::int32_t(mix(std::uint64_t(i)) % n_patches));
  }
  if (!data_.contains("edge_index")) return slab;
  const std::vector<double> edge_index = numbers("edge_index");
  const std::int64_t n_edges = std::int64_t(edge_index.size()) / 2;
  const Share edges(comm, n_edges);
  for (std::int64_t e = edges.first; e < edges.last; ++e) {
    slab.edge_source.push_back(std::int64_t(edge_index[std::size_t(e)]));
    slab.edge_target.push_back(std::int64_t(edge_index[std::size_t(n_edges + e)]));
    slab.edge_id.push_back(e);
  }
  return slab;
}

Tensor PygFixture::rows(const std::string& data, const Migration& way, const RowSpacePtr& space) const {
  const std::vector<double> all = numbers(data);
  const std::int64_t n = space->global_rows(), cols = std::int64_t(all.size()) / n;
  return Tensor::from(way.forward(Share(graph().comm(), n).of(all, cols), cols), space->local_rows(), cols, dtype_,
                      space, graph().device());
}

Tensor PygFixture::nodes(const std::string& data) const { return rows(data, distributed_.nodes, graph().nodes()); }
Tensor PygFixture::edges(const std::string& data) const { return rows(data, distributed_.edges, graph().edges()); }

Batch PygFixture::parts(const std::string& data, std::int64_t count) const {
  const std::vector<double> mine = nodes(data).to_vector<double>();
  return Batch(graph().nodes(), std::vector<std::int32_t>(mine.begin(), mine.end()), count, graph().device());
}

std::vector<std::int64_t> PygFixture::degrees() const {
  std::vector<std::int64_t> degree(static_cast<std::size_t>(n_nodes_)), count;
  const std::vector<double> edge_index = numbers("edge_index");
  for (std::size_t e = edge_index.size() / 2; e < edge_index.size(); ++e) ++degree[std::size_t(edge_index[e])];
  for (const std::int64_t d : degree) {
    if (std::size_t(d) >= count.size()) count.resize(std::size_t(d) + 1);
    ++count[std::size_t(d)];
  }
  return count;
}

void PygFixture::load(const std::vector<NamedTensor>& state) const {
  io::load_state(state, weights_, path_);
  for (const NamedTensor& mine : state)
    for (const NamedTensor& theirs : weights_)
      require(mine.name != theirs.name || mine.axes.of(mine.value) == theirs.axes.of(theirs.value), mine.name, " is ",
              text_of(mine.axes.of(mine.value)), " here, but ", text_of(theirs.axes.of(theirs.value)), " in ", path_);
}

double PygFixture::error(const Tensor& result, const std::string& data) const {
  const std::vector<double> all = numbers(data);
  std::vector<double> found = result.to_vector<double>(), expected = all;
  if (result.partitioned()) {
    if (std::int64_t(all.size()) != n_nodes_ * result.cols()) return std::numeric_limits<double>::infinity();
    found = distributed_.nodes.backward(found, result.cols());
    expected = Share(graph().comm(), n_nodes_).of(all, result.cols());
  }
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 1, worst = 0;
  for (const double value : all) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = std::abs(found[i] - expected[i]);
    worst = difference <= worst ? worst : std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
  }
  return graph().comm().max(worst) / largest;
}

}  // namespace halograph::testing
