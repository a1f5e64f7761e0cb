// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/flops.hpp"

namespace halograph::bench {
namespace {

/// The layers of an MLP behind the first one.
void add_rest(std::vector<Product>& all, const nn::MeshGraphNetOptions& net, double rows, double out) {
  const double h = double(net.hidden);
  for (int k = 0; k < net.mlp_hidden_layers; ++k) all.push_back({rows, h, h});
  all.push_back({rows, h, out});
}

double forward_words(const nn::MeshGraphNetOptions& net, double nodes, double edges) {
  const double h = double(net.hidden), x = nodes * h, e = edges * h;
  const double encoders = nodes * double(net.node_in) + edges * double(net.edge_in) + x + e;
  const double decoder = x + nodes * double(net.node_out);
  const double written_e = net.carry_edges && net.steps > 0 ? e * (net.steps - 1) : 0;
  return encoders + decoder + net.steps * (x + e + x) + written_e;
}

double backward_words(const nn::MeshGraphNetOptions& net, double nodes, double edges) {
  const double h = double(net.hidden), x = nodes * h, e = edges * h;
  const double encoders = nodes * double(net.node_in) + edges * double(net.edge_in) + x + e;
  const double decoder = x + nodes * double(net.node_out) + x;
  const double read_e_gradient = net.steps > 0 ? e * (net.steps - 1) : 0;
  return encoders + decoder + net.steps * (x + e + x + x + e) + read_e_gradient;
}

}  // namespace

std::vector<Product> products_of(const nn::MeshGraphNetOptions& net, double nodes, double edges) {
  const double h = double(net.hidden);
  std::vector<Product> all;
  all.push_back({nodes, double(net.node_in), h, false});
  add_rest(all, net, nodes, h);
  all.push_back({edges, double(net.edge_in), h, false});
  add_rest(all, net, edges, h);
  for (int l = 0; l < net.steps; ++l) {
    all.push_back({nodes, h, h});  // x by the source part
    all.push_back({nodes, h, h});  // x by the target part
    all.push_back({edges, h, h});
    add_rest(all, net, edges, h);
    all.push_back({nodes, 2 * h, h});
    add_rest(all, net, nodes, h);
  }
  all.push_back({nodes, h, h});
  add_rest(all, net, nodes, double(net.node_out));
  return all;
}

Needs inference_needs(const nn::MeshGraphNetOptions& net, double nodes, double edges, double element_bytes) {
  Needs needs;
  for (const Product& product : products_of(net, nodes, edges)) needs.flops += product.flops();
  needs.bytes = element_bytes * forward_words(net, nodes, edges);
  return needs;
}

Needs training_needs(const nn::MeshGraphNetOptions& net, double nodes, double edges, double element_bytes) {
  Needs needs;
  for (const Product& product : products_of(net, nodes, edges))
    needs.flops += product.flops() * (product.input_gradient ? 3 : 2);
  needs.bytes = element_bytes * (forward_words(net, nodes, edges) + backward_words(net, nodes, edges));
  return needs;
}

}  // namespace halograph::bench
