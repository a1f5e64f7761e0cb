// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/layer_cases/layer_bed.hpp"

#include <cctype>

#include <halograph/core/error.hpp>

namespace halograph::testing {
namespace {

/// Random rows over the slab of a rank, moved to where they belong.
std::vector<double> moved(const Communicator& comm, const Migration& way, std::uint64_t salt, const Operand& operand) {
  std::vector<double> values;
  for (std::int64_t r = 0; r < way.slab_rows(); ++r)
    for (std::int64_t c = 0; c < operand.cols; ++c)
      values.push_back(random_value(salt, comm.rank() + r * comm.size(), c, operand.values));
  return way.forward(values, operand.cols);
}

Batch deal(const DistributedGraph& distributed) {
  constexpr std::int32_t filled[] = {0, 2, 3};
  const Graph& graph = distributed.graph;
  std::vector<std::int32_t> graph_of_row;
  for (std::int64_t r = 0; r < distributed.nodes.slab_rows(); ++r)
    graph_of_row.push_back(filled[mix(std::uint64_t(77 + graph.comm().rank() + r * graph.comm().size())) % 3]);
  return Batch(graph.nodes(), distributed.nodes.forward(graph_of_row, 1), 4, graph.device());
}

}  // namespace

SpreadLayerBed make_layer_bed(const Communicator& comm, const GraphSize& size, Device device, std::uint64_t renumber) {
  const DistributedGraph distributed = distribute_graph(comm, size, device, renumber);
  return {{distributed.graph, deal(distributed)}, distributed.nodes, distributed.edges};
}

Tensors layer_inputs(const SpreadLayerBed& spread, const LayerCase& layer_case, DType dtype) {
  const Graph& graph = spread.bed.graph;
  Tensors inputs;
  for (const Operand& operand : layer_case.inputs) {
    const std::uint64_t salt = 17 + inputs.size();
    if (operand.where == Where::replicated) {
      Operand given = operand;
      if (given.rows == 0) given.rows = spread.bed.batch.n_graphs();
      inputs.push_back(random_operand(graph, given, dtype, salt));
    } else {
      require(operand.where != Where::ghosts, layer_case.name, ": inputs of layers lie over nodes or edges");
      const bool nodes = operand.where == Where::nodes;
      const RowSpacePtr& space = nodes ? graph.nodes() : graph.edges();
      inputs.push_back(Tensor::from(moved(graph.comm(), nodes ? spread.nodes : spread.edges, salt, operand),
                                    space->local_rows(), operand.cols, dtype, space, graph.device()));
    }
    inputs.back().set_requires_grad();
  }
  return inputs;
}

Tensors trainable(const std::vector<NamedTensor>& state) {
  Tensors parameters;
  for (const NamedTensor& named : state)
    if (named.value.requires_grad()) parameters.push_back(named.value);
  return parameters;
}

std::string test_name(const std::string& layer_case) {
  std::string name;
  for (const char c : layer_case) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

}  // namespace halograph::testing
