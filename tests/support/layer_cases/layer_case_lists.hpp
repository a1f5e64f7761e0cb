// SPDX-License-Identifier: BSD-3-Clause
// The parts of layer_cases() and golden_layers(), a file each.
#pragma once

#include "tests/support/golden/golden_layers.hpp"
#include "tests/support/layer_cases/layer_cases.hpp"

namespace halograph::testing {

void add_conv_layers(std::vector<LayerCase>& cases);
void add_attention_layers(std::vector<LayerCase>& cases);
void add_recurrent_layers(std::vector<LayerCase>& cases);
void add_neighbours_layers(std::vector<LayerCase>& cases);
void add_pooling_layers(std::vector<LayerCase>& cases);
void add_interaction_layers(std::vector<LayerCase>& cases);
void add_physics_layers(std::vector<LayerCase>& cases);

void add_conv_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_attention_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_recurrent_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_neighbours_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_pooling_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_interaction_golden(std::map<std::string, MakeGoldenLayer>& layers);
void add_physics_golden(std::map<std::string, MakeGoldenLayer>& layers);

}  // namespace halograph::testing
