// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/golden/golden_bed.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <halograph/core/error.hpp>
#include <halograph/graph/setup/distribute.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

constexpr std::int32_t n_patches = 3;

/// The rows of a data set that a rank starts with.
struct Piece {
  Piece(const Communicator& comm, std::int64_t rows)
      : first(rows * comm.rank() / comm.size()), last(rows * (comm.rank() + 1) / comm.size()) {}
  template <class T>
  std::vector<T> of(const std::vector<T>& all, std::int64_t cols) const {
    return {all.begin() + first * cols, all.begin() + last * cols};
  }
  std::int64_t first, last;
};

std::string path(const std::string& input) { return "inputs/" + input; }

bool over_nodes(const std::string& input) {
  return std::set<std::string>{"x", "h", "pos", "z", "batch"}.count(input) > 0;
}

bool over_edges(const std::string& input) {
  return std::set<std::string>{"edge_weight", "edge_attr", "edge_type", "score"}.count(input) > 0;
}

std::int64_t count_nodes(const ReferenceFile& file, const nlohmann::json& options) {
  if (options.contains("num_nodes")) return options.at("num_nodes").get<std::int64_t>();
  for (const std::string& input : file.members("inputs"))
    if (over_nodes(input)) return file.shape(path(input)).at(0);
  throw std::runtime_error("reference file: no input over nodes");
}

GraphSlab make_slab(const ReferenceFile& file, const Communicator& comm, std::int64_t nodes) {
  GraphSlab slab;
  slab.n_patches = n_patches;
  const Piece node_piece(comm, nodes);
  for (std::int64_t i = node_piece.first; i < node_piece.last; ++i) {
    slab.node_id.push_back(i);
    slab.patch.push_back(std::int32_t(mix(std::uint64_t(i)) % n_patches));
  }
  if (!file.has(path("edge_index"))) return slab;
  const std::vector<std::int64_t> edge_index = file.integers(path("edge_index"));
  const std::int64_t edges = std::int64_t(edge_index.size()) / 2;
  const Piece edge_piece(comm, edges);
  for (std::int64_t e = edge_piece.first; e < edge_piece.last; ++e) {
    slab.edge_source.push_back(edge_index[std::size_t(e)]);
    slab.edge_target.push_back(edge_index[std::size_t(edges + e)]);
    slab.edge_id.push_back(e);
  }
  return slab;
}

Batch make_batch(const ReferenceFile& file, const nlohmann::json& options, const DistributedGraph& distributed) {
  const Graph& graph = distributed.graph;
  if (!file.has(path("batch"))) return Batch(graph);
  const std::vector<std::int64_t> all = file.integers(path("batch"));
  const Piece piece(graph.comm(), std::int64_t(all.size()));
  const std::vector<std::int64_t> mine = distributed.nodes.forward(piece.of(all, 1), 1);
  return Batch(graph.nodes(), std::vector<std::int32_t>(mine.begin(), mine.end()),
               options.at("num_graphs").get<std::int64_t>(), graph.device());
}

std::map<std::string, Tensor> make_inputs(const ReferenceFile& file, const DistributedGraph& distributed, DType dtype) {
  const Graph& graph = distributed.graph;
  std::map<std::string, Tensor> inputs;
  for (const std::string& name : file.members("inputs")) {
    if (name == "edge_index") continue;
    const std::vector<std::int64_t> shape = file.shape(path(name));
    const std::int64_t rows = shape.at(0), cols = shape.size() > 1 ? shape[1] : 1;
    const std::vector<double> all = file.reals(path(name));
    const Piece piece(graph.comm(), rows);
    Tensor& x = inputs[name];
    if (over_nodes(name)) {
      x = Tensor::from(distributed.nodes.forward(piece.of(all, cols), cols), graph.n_nodes(), cols, dtype,
                       graph.nodes(), graph.device());
    } else if (over_edges(name)) {
      x = Tensor::from(distributed.edges.forward(piece.of(all, cols), cols), graph.n_edges(), cols, dtype,
                       graph.edges(), graph.device());
    } else {
      x = Tensor::from(all, rows, cols, dtype, nullptr, graph.device());
    }
    x.set_requires_grad(!file.holds_integers(path(name)));
  }
  return inputs;
}

GoldenBed make_bed(const ReferenceFile& file, const nlohmann::json& options, const DistributedGraph& distributed,
                   DType dtype) {
  return {file,
          options,
          dtype,
          distributed.graph,
          make_batch(file, options, distributed),
          Scope(Random(1), dtype),
          make_inputs(file, distributed, dtype)};
}

DistributedGraph make_graph(const ReferenceFile& file, const Communicator& comm, const nlohmann::json& options) {
  return distribute(comm, make_slab(file, comm, count_nodes(file, options)));
}

GoldenBed make_bed(const ReferenceFile& file, const Communicator& comm, DType dtype, Migration& nodes,
                   Migration& edges) {
  const auto options = nlohmann::json::parse(file.text_attribute("/", "options"));
  const DistributedGraph distributed = make_graph(file, comm, options);
  nodes = distributed.nodes;
  edges = distributed.edges;
  return make_bed(file, options, distributed, dtype);
}

}  // namespace

ops::Activation GoldenBed::activation(const std::string& word) const {
  return word == "none" ? ops::Activation::identity : ops::parse_activation(word);
}

GoldenSetup::GoldenSetup(const ReferenceFile& file, const Communicator& comm, DType dtype)
    : bed_(make_bed(file, comm, dtype, nodes_, edges_)) {}

const Migration* GoldenSetup::migration(const RowSpacePtr& space) const {
  if (space == nullptr) return nullptr;
  require(space == bed_.graph.nodes() || space == bed_.graph.edges(), "rows of another graph: ", space->name());
  return space == bed_.graph.nodes() ? &nodes_ : &edges_;
}

Tensor GoldenSetup::cosines(const Tensor& like, std::int64_t first) const {
  const Migration* way = migration(like.row_space());
  const std::int64_t cols = like.cols();
  std::int64_t row = 0, last = like.rows();
  if (way != nullptr) {
    const Piece piece(bed_.graph.comm(), like.row_space()->global_rows());
    row = piece.first;
    last = piece.last;
  }
  std::vector<double> values;
  for (std::int64_t k = row * cols; k < last * cols; ++k) values.push_back(std::cos(double(first + k)));
  if (way != nullptr) values = way->forward(values, cols);
  return Tensor::from(values, like.rows(), cols, like.dtype(), like.row_space(), like.device());
}

double GoldenSetup::error(const Tensor& tensor, const std::string& data_set) const {
  const Communicator& comm = bed_.graph.comm();
  const std::vector<double> all = bed_.file.reals(data_set);
  std::vector<double> found = tensor.to_vector<double>(), expected = all;
  if (const Migration* way = migration(tensor.row_space())) {
    const std::int64_t rows = tensor.row_space()->global_rows();
    if (std::int64_t(all.size()) != rows * tensor.cols()) return std::numeric_limits<double>::infinity();
    found = way->backward(found, tensor.cols());
    expected = Piece(comm, rows).of(all, tensor.cols());
  }
  if (found.size() != expected.size()) return std::numeric_limits<double>::infinity();
  double largest = 1, worst = 0;
  for (const double value : all) largest = std::max(largest, std::abs(value));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double difference = std::abs(found[i] - expected[i]);
    worst = difference <= worst ? worst : std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
  }
  return comm.max(worst) / largest;
}

}  // namespace halograph::testing
