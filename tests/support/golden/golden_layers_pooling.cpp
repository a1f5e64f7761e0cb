// SPDX-License-Identifier: BSD-3-Clause
#include <memory>

#include <halograph/nn/models/neural_fingerprint.hpp>
#include <halograph/nn/norm/batch_norm.hpp>
#include <halograph/nn/norm/layer_norm.hpp>
#include <halograph/nn/pool/global_pool.hpp>

#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {
namespace {

using Outputs = std::map<std::string, Tensor>;

MakeGoldenLayer pooling(Tensor (*pool)(const Batch&, const Tensor&)) {
  return [pool](const GoldenBed& bed) {
    return GoldenLayer([&bed, pool] { return Outputs{{"y", pool(bed.batch, bed.at("x"))}}; });
  };
}

GoldenLayer layer_norm(const GoldenBed& bed) {
  nn::LayerNormOptions options;
  options.in_channels = bed.integer("in_channels");
  options.eps = bed.options.at("eps").get<double>();
  options.affine = bed.options.at("affine").get<bool>();
  options.mode =
      bed.options.at("mode") == "graph" ? nn::LayerNormOptions::Mode::graph : nn::LayerNormOptions::Mode::node;
  const nn::LayerNorm layer(bed.scope, options);
  return [&bed, layer] { return Outputs{{"y", layer(bed.batch, bed.at("x"))}}; };
}

GoldenLayer batch_norm(const GoldenBed& bed) {
  nn::BatchNormOptions options;
  options.in_channels = bed.integer("in_channels");
  options.eps = bed.options.at("eps").get<double>();
  options.momentum = bed.options.at("momentum").get<double>();
  options.affine = bed.options.at("affine").get<bool>();
  const nn::BatchNorm layer(bed.scope, options);
  return [&bed, layer] {
    Outputs outputs{{"y", layer(bed.at("x"), nn::Mode::train())}};
    for (const NamedTensor& named : bed.scope.state())
      if (named.name.starts_with("module.running_")) outputs.emplace(named.name.substr(7), named.value);
    return outputs;
  };
}

GoldenLayer mf_conv(const GoldenBed& bed) {
  const nn::MFConvOptions options{.in_channels = bed.integer("in_channels"),
                                  .out_channels = bed.integer("out_channels"),
                                  .max_degree = int(bed.integer("max_degree")),
                                  .bias = bed.options.at("bias").get<bool>()};
  const nn::MFConv layer(bed.scope, options);
  return [&bed, layer] { return Outputs{{"y", layer(bed.graph, bed.at("x"))}}; };
}

GoldenLayer neural_fingerprint(const GoldenBed& bed) {
  const nn::NeuralFingerprintOptions options{.in_channels = bed.integer("in_channels"),
                                             .hidden_channels = bed.integer("hidden_channels"),
                                             .out_channels = bed.integer("out_channels"),
                                             .num_layers = int(bed.integer("num_layers")),
                                             .max_degree = int(bed.integer("max_degree"))};
  const nn::NeuralFingerprint layer(bed.scope, options);
  return [&bed, layer] { return Outputs{{"y", layer(bed.graph, bed.batch, bed.at("x"))}}; };
}

}  // namespace

void add_pooling_golden(std::map<std::string, MakeGoldenLayer>& layers) {
  layers["GlobalAddPool"] = pooling(nn::global_add_pool);
  layers["GlobalMeanPool"] = pooling(nn::global_mean_pool);
  layers["GlobalMaxPool"] = pooling(nn::global_max_pool);
  layers["LayerNorm"] = layer_norm;
  layers["BatchNorm"] = batch_norm;
  layers["MFConv"] = mf_conv;
  layers["NeuralFingerprint"] = neural_fingerprint;
}

}  // namespace halograph::testing
