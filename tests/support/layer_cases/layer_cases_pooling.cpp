// SPDX-License-Identifier: BSD-3-Clause
// Pooling, norms, dropout, what joins the outputs of layers, fingerprints.
#include <memory>

#include <halograph/nn/dropout.hpp>
#include <halograph/nn/models/jumping_knowledge.hpp>
#include <halograph/nn/models/neural_fingerprint.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/nn/norm/graph_norm.hpp>
#include <halograph/nn/norm/layer_norm.hpp>
#include <halograph/nn/pool/global_pool.hpp>
#include <halograph/ops/pool.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t channels = 5;
const Operand nodes{Where::nodes, channels};

/// A layer without parameters.
LayerCase plain(std::string name, std::vector<Operand> inputs, Tensor (*layer)(const LayerBed&, const Tensors&)) {
  return {std::move(name), std::move(inputs), [layer](const LayerBed& bed, const Scope&) {
            return [bed, layer](const Tensors& x) { return Tensors{layer(bed, x)}; };
          }};
}

/// A layer called with nodes and what else `call` adds.
template <class Layer, class Options, class Call>
LayerCase normed(std::string name, Options options, Call call) {
  return {std::move(name), {nodes}, [options, call](const LayerBed& bed, const Scope& scope) {
            const Layer layer(scope / "norm", options);
            return [bed, layer, call](const Tensors& x) { return Tensors{call(layer, bed, x[0])}; };
          }};
}

LayerCase dropout(std::string name, Operand operand, double p, nn::Mode mode) {
  LayerCase layer{std::move(name), {operand}, [p, mode](const LayerBed& bed, const Scope& scope) {
                    const nn::Dropout drop(scope / "drop", p);
                    return [bed, drop, mode](const Tensors& x) { return Tensors{drop(bed.graph, x[0], mode)}; };
                  }};
  layer.equivariant = !mode.training;
  return layer;
}

LayerCase mf_conv(std::string name, const nn::MFConvOptions& options) {
  return {std::move(name), {nodes}, [options](const LayerBed& bed, const Scope& scope) {
            const nn::MFConv layer(scope / "conv", options);
            return [bed, layer](const Tensors& x) { return Tensors{layer(bed.graph, x[0])}; };
          }};
}

LayerCase neural_fingerprint() {
  return {"NeuralFingerprint", {nodes}, [](const LayerBed& bed, const Scope& scope) {
            const nn::NeuralFingerprintOptions options{
                .in_channels = channels, .hidden_channels = 4, .out_channels = 3, .num_layers = 2, .max_degree = 3};
            const nn::NeuralFingerprint layer(scope / "fingerprint", options);
            return [bed, layer](const Tensors& x) { return Tensors{layer(bed.graph, bed.batch, x[0])}; };
          }};
}

Tensor jump(nn::JumpingKnowledge::Mode mode, const Tensors& x) { return nn::JumpingKnowledge(mode)(x); }

}  // namespace

void add_pooling_layers(std::vector<LayerCase>& cases) {
  cases.push_back(plain("global_add_pool", {nodes},
                        [](const LayerBed& bed, const Tensors& x) { return nn::global_add_pool(bed.batch, x[0]); }));
  cases.push_back(plain("global_mean_pool", {nodes},
                        [](const LayerBed& bed, const Tensors& x) { return nn::global_mean_pool(bed.batch, x[0]); }));
  cases.push_back(plain("global_max_pool", {nodes},
                        [](const LayerBed& bed, const Tensors& x) { return nn::global_max_pool(bed.batch, x[0]); }));
  cases.push_back(plain("softmax over graphs", {nodes},
                        [](const LayerBed& bed, const Tensors& x) { return ops::graph_softmax(bed.batch, x[0]); }));

  using nn::BatchNorm, nn::GraphNorm, nn::LayerNorm;
  const auto by_batch = [](const auto& layer, const LayerBed& bed, const Tensor& x) { return layer(bed.batch, x); };
  const auto alone = [](const auto& layer, const LayerBed&, const Tensor& x) { return layer(x); };
  const auto training = [](const BatchNorm& layer, const LayerBed&, const Tensor& x) {
    return layer(x, nn::Mode::train());
  };
  const auto evaluating = [](const BatchNorm& layer, const LayerBed&, const Tensor& x) {
    return layer(x, nn::Mode::evaluate());
  };
  const nn::LayerNormOptions graphs{.in_channels = channels},
      rows{.in_channels = channels, .mode = nn::LayerNormOptions::Mode::node};
  const nn::BatchNormOptions batches{.in_channels = channels};
  cases.push_back(normed<LayerNorm>("LayerNorm of graphs", graphs, by_batch));
  cases.push_back(normed<LayerNorm>("LayerNorm of one graph", graphs, alone));
  cases.push_back(normed<LayerNorm>("LayerNorm of nodes", rows, alone));
  cases.push_back(normed<GraphNorm>("GraphNorm", nn::GraphNormOptions{.in_channels = channels}, by_batch));
  cases.push_back(normed<BatchNorm>("BatchNorm in training", batches, training));
  cases.push_back(normed<BatchNorm>("BatchNorm in evaluation", batches, evaluating));

  cases.push_back(dropout("Dropout of nodes", nodes, 0.3, nn::Mode::train(7)));
  cases.push_back(dropout("Dropout of edges", {Where::edges, 3}, 0.5, nn::Mode::train(2)));
  cases.push_back(dropout("Dropout of replicated rows", {Where::replicated, 4, 6}, 0.5, nn::Mode::train()));
  cases.push_back(dropout("Dropout in evaluation", nodes, 0.3, nn::Mode::evaluate()));

  cases.push_back(plain("JumpingKnowledge cat", {nodes, {Where::nodes, 2}, nodes},
                        [](const LayerBed&, const Tensors& x) { return jump(nn::JumpingKnowledge::Mode::cat, x); }));
  cases.push_back(plain("JumpingKnowledge max", {nodes, nodes, nodes},
                        [](const LayerBed&, const Tensors& x) { return jump(nn::JumpingKnowledge::Mode::max, x); }));

  cases.push_back(mf_conv("MFConv", {.in_channels = channels, .out_channels = 4, .max_degree = 3}));
  cases.push_back(mf_conv("MFConv of more degrees than there are",
                          {.in_channels = channels, .out_channels = 4, .max_degree = 40, .bias = false}));
  cases.push_back(neural_fingerprint());
}

}  // namespace halograph::testing
