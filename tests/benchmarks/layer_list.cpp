// SPDX-License-Identifier: BSD-3-Clause
// The layers that are measured, each with the arithmetic that any implementation needs: N nodes, E edges, c channels.
// Edge networks count with the first layer split into node parts, which is the least known.
#include <array>
#include <utility>

#include <halograph/autograd/tape.hpp>
#include <halograph/graph/neighbours/knn.hpp>
#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/nn/conv/cf_conv.hpp>
#include <halograph/nn/conv/cg_conv.hpp>
#include <halograph/nn/conv/dynamic_edge_conv.hpp>
#include <halograph/nn/conv/edge_conv.hpp>
#include <halograph/nn/conv/egnn_conv.hpp>
#include <halograph/nn/conv/gar_net.hpp>
#include <halograph/nn/conv/gat_conv.hpp>
#include <halograph/nn/conv/gated_graph_conv.hpp>
#include <halograph/nn/conv/gatv2_conv.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/gin_conv.hpp>
#include <halograph/nn/conv/graph_conv.hpp>
#include <halograph/nn/conv/gravnet_conv.hpp>
#include <halograph/nn/conv/mesh_graph_net_block.hpp>
#include <halograph/nn/conv/mf_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/pna_conv.hpp>
#include <halograph/nn/conv/sage_conv.hpp>
#include <halograph/nn/conv/typed_ggnn.hpp>
#include <halograph/nn/gru_cell.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/interaction_network.hpp>
#include <halograph/nn/models/painn.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/nn/norm/layer_norm.hpp>
#include <halograph/nn/pool/global_pool.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/shape.hpp>

#include "tests/benchmarks/layers.hpp"

namespace halograph::bench {
namespace {

using Inputs = std::vector<Tensor>;

class LayerList {
 public:
  explicit LayerList(const LayerProblem& problem) : p_(problem), n_(problem.nodes()), e_(problem.edges()) {}

  /// A layer with its state.
  template <class Layer, class Call>
  void add(const char* name, std::string shape, nn::Model<Layer> layer, Inputs inputs, double flops, Call call) {
    LayerRun run;
    run.name = name;
    run.shape = std::move(shape);
    run.inputs = std::move(inputs);
    run.state = layer.state();
    run.forward = [layer = std::move(layer), call](const Inputs& x) { return Tensor(call(layer, x)); };
    run.flops = flops;
    run.index_bytes = 4 * (n_ + 2 * e_);
    all_.push_back(std::move(run));
  }
  /// What has no state.
  template <class Call>
  void add(const char* name, std::string shape, Inputs inputs, double flops, Call call, bool differentiable = true) {
    all_.push_back({name, std::move(shape), std::move(inputs), {}, call, flops, 4 * n_, differentiable});
  }

  void add_convolutions();
  void add_attention();
  void add_edge_networks();
  void add_recurrent();
  void add_neighbours();
  void add_rows();
  void add_atoms();

  std::vector<LayerRun> take() { return std::move(all_); }

 private:
  Scope scope() const { return Scope(Random(1), p_.dtype); }
  double product(double rows, double in, double out) const { return 2 * rows * in * out; }

  const LayerProblem& p_;
  double n_, e_;
  const std::int64_t c_ = layer_channels, d_ = layer_edge_channels;
  const double w_ = double(layer_channels);
  std::vector<LayerRun> all_;
};

void LayerList::add_convolutions() {
  const Graph g = p_.graph;
  const Inputs x{p_.x};
  const std::string shape = cat(c_, "-", c_);
  const auto on_graph = [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); };
  add("GCNConv", shape, nn::make<nn::GCNConv>(scope(), {.in_channels = c_, .out_channels = c_}), x,
      product(n_, w_, w_) + 2 * (e_ + n_) * w_, on_graph);
  add("GraphConv", shape + " mean",
      nn::make<nn::GraphConv>(scope(), {.in_channels = c_, .out_channels = c_, .aggr = ops::Aggregation::mean}), x,
      2 * product(n_, w_, w_) + e_ * w_, on_graph);
  add("SAGEConv", shape, nn::make<nn::SAGEConv>(scope(), {.in_channels = c_, .out_channels = c_}), x,
      2 * product(n_, w_, w_) + e_ * w_, on_graph);
  add("GINConv", cat(shape, "-", c_), nn::make<nn::GINConv>(scope(), {.nn = {.channels = {c_, c_, c_}}}), x,
      2 * product(n_, w_, w_) + e_ * w_, on_graph);
  add("MFConv", shape, nn::make<nn::MFConv>(scope(), {.in_channels = c_, .out_channels = c_}), x,
      2 * product(n_, w_, w_) + e_ * w_, on_graph);
  constexpr std::int64_t narrow = 16, hidden = 32;
  const Tensor few = ops::slice_columns(p_.x, 0, narrow);
  add("NNConv", cat(narrow, "-", narrow),
      nn::make<nn::NNConv>(
          scope(), {.in_channels = narrow, .out_channels = narrow, .nn = {.channels = {d_, hidden, narrow * narrow}}}),
      {few, p_.edge_attr},
      product(e_, double(d_), hidden) + product(e_, hidden, narrow * narrow) + product(e_, narrow, narrow) +
          product(n_, narrow, narrow),
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0], in[1]); });
  add("CGConv", cat(c_, "+", d_), nn::make<nn::CGConv>(scope(), {.channels = c_, .dim = d_}), {p_.x, p_.edge_attr},
      2 * (2 * product(n_, w_, w_) + product(e_, double(d_), w_)) + 4 * e_ * w_,
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0], in[1]); });
}

void LayerList::add_attention() {
  const Graph g = p_.graph;
  constexpr std::int64_t heads = 4;
  nn::GATConvOptions options;
  options.in_channels = c_;
  options.out_channels = c_ / heads;
  options.heads = heads;
  const std::string shape = cat(c_, "-", heads, "x", c_ / heads);
  const auto on_graph = [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); };
  add("GATConv", shape, nn::make<nn::GATConv>(scope(), options), {p_.x},
      product(n_, w_, w_) + 4 * n_ * w_ + 2 * (e_ + n_) * w_, on_graph);
  add("GATv2Conv", shape, nn::make<nn::GATv2Conv>(scope(), options), {p_.x},
      2 * product(n_, w_, w_) + 5 * (e_ + n_) * w_, on_graph);
}

void LayerList::add_edge_networks() {
  const Graph g = p_.graph;
  const Inputs x{p_.x};
  const auto on_graph = [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); };
  add("EdgeConv", cat(2 * c_, "-", c_, "-", c_, " max"),
      nn::make<nn::EdgeConv>(scope(), {.nn = {.channels = {2 * c_, c_, c_}}}), x,
      2 * product(n_, w_, w_) + product(e_, w_, w_) + e_ * w_, on_graph);
  nn::PNAConvOptions pna;
  pna.in_channels = pna.out_channels = c_;
  using A = ops::Aggregation;
  pna.aggregators = {A::mean, A::min, A::max, A::std};
  using S = nn::DegreeScaler;
  pna.scalers = {S::identity, S::amplification, S::attenuation};
  pna.deg = nn::degree_histogram(g);
  add("PNAConv", cat(c_, "-", c_, " 4x3"), nn::make<nn::PNAConv>(scope(), pna), x,
      2 * product(n_, w_, w_) + 6 * e_ * w_ + product(n_, 13 * w_, w_) + product(n_, w_, w_), on_graph);
  add("MeshGraphNetBlock", cat(c_, " x3"), nn::make<nn::MeshGraphNetBlock>(scope(), {.latent = c_, .hidden = c_}),
      {p_.x, p_.edge_state}, 2 * product(n_, w_, w_) + 3 * product(e_, w_, w_) + e_ * w_ + 4 * product(n_, w_, w_),
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0], in[1]).x; });
  nn::InteractionNetworkOptions interaction;
  interaction.in_channels = c_;
  interaction.hidden = c_;
  interaction.edge_out = interaction.node_out = c_ / 2;
  const double h = w_ / 2;
  add("InteractionNetwork", cat(c_, "-", c_ / 2), nn::make<nn::InteractionNetwork>(scope(), interaction), x,
      2 * product(n_, w_, w_) + product(e_, w_, h) + product(e_, h, h) + e_ * h + product(n_, w_ + h, w_) +
          product(n_, w_, h) + product(n_, h, h),
      on_graph);
}

void LayerList::add_recurrent() {
  const Graph g = p_.graph;
  const double gates = product(n_, w_, 3 * w_) * 2;
  add("GRUCell", cat(c_), nn::make<nn::GRUCell>(scope(), {.input_size = c_, .hidden_size = c_}), {p_.x}, gates,
      [x = p_.x](const auto& layer, const Inputs& in) { return layer(x, in[0]); });
  add("GatedGraphConv", cat(c_, " x2"), nn::make<nn::GatedGraphConv>(scope(), {.out_channels = c_, .num_layers = 2}),
      {p_.x}, 2 * (product(n_, w_, w_) + e_ * w_ + gates),
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); });
  std::vector<std::int32_t> type(std::size_t(g.n_edges()));
  for (std::size_t i = 0; i < type.size(); ++i) type[i] = std::int32_t(i % 3);
  add("TypedGGNN", cat(c_, " 3 types x2"),
      nn::make<nn::TypedGGNN>(scope(), {.in_channels = c_, .out_channels = c_, .num_types = 3, .steps = 2}), {p_.x},
      2 * (3 * product(n_, w_, w_) + e_ * w_ + gates),
      [graphs = typed_graphs(g, type, 3)](const auto& layer, const Inputs& in) { return layer(graphs, in[0]); });
}

void LayerList::add_neighbours() {
  const Graph g = p_.graph;
  const double k = double(layer_neighbours);
  add(
      "knn_graph", cat("3d k ", layer_neighbours + 1), {p_.points}, 0,
      [g](const Inputs& in) {
        knn_graph(g, in[0].detach(), {.k = layer_neighbours + 1, .include_self = true});
        return in[0];
      },
      false);
  add("DynamicEdgeConv", cat(2 * c_, "-", c_, "-", c_, " k ", layer_neighbours),
      nn::make<nn::DynamicEdgeConv>(scope(), {.nn = {.channels = {2 * c_, c_, c_}}, .k = layer_neighbours}), {p_.x},
      2 * product(n_, w_, w_) + product(n_ * k, w_, w_) + n_ * k * w_,
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); });
  constexpr std::int64_t space = 4, propagated = 22;
  nn::GravNetConvOptions grav;
  grav.in_channels = grav.out_channels = c_;
  grav.space_dimensions = space;
  grav.propagate_dimensions = propagated;
  grav.k = layer_neighbours;
  add("GravNetConv", cat(c_, "-", c_, " k ", layer_neighbours), nn::make<nn::GravNetConv>(scope(), grav), {p_.x},
      product(n_, w_, space + propagated) + n_ * k * (3.0 * space + 3.0 * propagated) +
          product(n_, w_ + 2.0 * propagated, w_),
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0]); });
  nn::GarNetOptions gar;
  gar.in_channels = gar.out_channels = c_;
  gar.aggregators = 4;
  gar.propagate = 20;
  add("GarNet", cat(c_, "-", c_, " A 4 P 20"), nn::make<nn::GarNet>(scope(), gar), {p_.x},
      product(n_, w_, 24) + 2 * n_ * 4 * 24 * 2 + n_ * 4 * 48 + product(n_, w_ + 4 * 48 + 4, w_),
      [batch = p_.batch](const auto& layer, const Inputs& in) { return layer(batch, in[0]); });
}

void LayerList::add_rows() {
  const Batch batch = p_.batch;
  const std::string shape = cat(c_);
  add("GlobalMeanPool", shape, {p_.x}, 0, [batch](const Inputs& in) { return ops::graph_mean(batch, in[0]); });
  add("GlobalMaxPool", shape, {p_.x}, 0, [batch](const Inputs& in) { return ops::graph_max(batch, in[0]); });
  add("BatchNorm", shape, nn::make<nn::BatchNorm>(scope(), {.in_channels = c_}), {p_.x}, 0,
      [](const auto& layer, const Inputs& in) { return layer(in[0], nn::Mode::train()); });
  add("LayerNorm graph", shape, nn::make<nn::LayerNorm>(scope(), {.in_channels = c_}), {p_.x}, 0,
      [batch](const auto& layer, const Inputs& in) { return layer(batch, in[0]); });
}

void LayerList::add_atoms() {
  const Graph g = p_.graph;
  const Batch batch = p_.batch;
  constexpr std::int64_t gaussians = 50;
  constexpr int interactions = 3;
  std::vector<std::int32_t> kind;
  for (const std::int64_t id : g.node_id()) kind.push_back(std::int32_t(id % 8 + 1));
  const Kinds z(g.nodes(), kind, 100);
  nn::SchNetOptions schnet;
  schnet.hidden_channels = schnet.num_filters = c_;
  schnet.num_interactions = interactions;
  schnet.num_gaussians = gaussians;
  schnet.cutoff = 0.1;
  const double filters = product(e_, gaussians, w_) + product(e_, w_, w_);
  add("SchNet", cat(c_, " x", interactions), nn::make<nn::SchNet>(scope(), schnet), {p_.points},
      interactions * (filters + 2 * e_ * w_ + 3 * product(n_, w_, w_)) + product(n_, w_, w_ / 2),
      [g, batch, z](const auto& layer, const Inputs& in) { return layer(g, batch, z, in[0]); });
  nn::PaiNNOptions painn;
  painn.hidden_channels = c_;
  painn.cutoff = 0.1;
  add("PaiNN", cat(c_, " x3"), nn::make<nn::PaiNN>(scope(), painn), {p_.points},
      3 * (product(e_, 20, 3 * w_) + e_ * w_ * 14 + product(n_, w_, 4 * w_) + 3 * product(n_, w_, 2 * w_) +
           product(n_, 2 * w_, w_) + product(n_, w_, 3 * w_)),
      [g, batch, z](const auto& layer, const Inputs& in) { return layer(g, batch, z, in[0]); });
  nn::EGNNConvOptions egnn;
  egnn.in_channels = egnn.out_channels = egnn.hidden = c_;
  add("EGNNConv", cat(c_), nn::make<nn::EGNNConv>(scope(), egnn), {p_.x, p_.points},
      2 * product(n_, w_, w_) + product(e_, w_, w_) * 2 + product(e_, w_, 1) + e_ * w_ + product(n_, 2 * w_, w_) +
          product(n_, w_, w_),
      [g](const auto& layer, const Inputs& in) { return layer(g, in[0], in[1]).x; });
}

}  // namespace

std::vector<LayerRun> layer_runs(const LayerProblem& problem) {
  LayerList list(problem);
  list.add_convolutions();
  list.add_attention();
  list.add_edge_networks();
  list.add_recurrent();
  list.add_neighbours();
  list.add_rows();
  list.add_atoms();
  return list.take();
}

}  // namespace halograph::bench
