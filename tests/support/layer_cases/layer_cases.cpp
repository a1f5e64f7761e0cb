// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/layer_cases/layer_case_lists.hpp"

namespace halograph::testing {

const std::vector<LayerCase>& layer_cases() {
  static const std::vector<LayerCase> cases = [] {
    std::vector<LayerCase> all;
    add_conv_layers(all);
    add_attention_layers(all);
    add_recurrent_layers(all);
    add_neighbours_layers(all);
    add_pooling_layers(all);
    add_interaction_layers(all);
    add_physics_layers(all);
    return all;
  }();
  return cases;
}

const std::map<std::string, MakeGoldenLayer>& golden_layers() {
  static const std::map<std::string, MakeGoldenLayer> layers = [] {
    std::map<std::string, MakeGoldenLayer> all;
    add_conv_golden(all);
    add_attention_golden(all);
    add_recurrent_golden(all);
    add_neighbours_golden(all);
    add_pooling_golden(all);
    add_interaction_golden(all);
    add_physics_golden(all);
    return all;
  }();
  return layers;
}

}  // namespace halograph::testing
