// SPDX-License-Identifier: BSD-3-Clause
// What the mathematics of a mesh graph network needs, from its shape alone and whatever the program does.
//
// Flops: the dense products, a multiply-add being two. The first layer of an edge MLP is split, its node parts count
// once a node. A training step is the forward pass, the gradients by the inputs of each product (not by the network's
// own inputs) and those by the weights. Nothing that is computed twice counts twice. Biases, activations, norms,
// residuals, sums over edges, loss and optimizer are not counted.
//
// Bytes: the node state x and the edge state e are read and written once by every step of message passing. Forward:
// x, e -> x', e'. Backward: x, e and the gradients by x', e' -> the gradients by x, e. Encoders and decoder: the same
// with their inputs and outputs. An edge state that nobody reads, as after the last step, is not written and has no
// gradient to read. Topology, parameters and gathered copies are taken to be in cache.
#pragma once

#include <vector>

#include <halograph/nn/models/mesh_graph_net.hpp>

namespace halograph::bench {

/// rows x in times in x out.
struct Product {
  double rows = 0, in = 0, out = 0;
  bool input_gradient = true;

  double flops() const { return 2 * rows * in * out; }
};

/// All products of a forward pass.
std::vector<Product> products_of(const nn::MeshGraphNetOptions& net, double nodes, double edges);

struct Needs {
  double flops = 0, bytes = 0;
};
Needs inference_needs(const nn::MeshGraphNetOptions& net, double nodes, double edges, double element_bytes);
Needs training_needs(const nn::MeshGraphNetOptions& net, double nodes, double edges, double element_bytes);

}  // namespace halograph::bench
