// SPDX-License-Identifier: BSD-3-Clause
// The one list of configuration keys: reader, writer and the list of known keys are visitors of it.
#pragma once

#include <limits>

#include <halograph/train/config.hpp>

namespace halograph::train {

inline constexpr double unlimited = std::numeric_limits<double>::max();
inline constexpr std::int64_t most_steps = std::int64_t(1) << 40;

template <class Visitor>
void visit_keys(Visitor& v, Config& c) {
  using ops::Activation;
  v.text("graph", c.graph);
  v.names("fields", c.fields);
  v.flag("join_periodic", c.join_periodic);
  v.section("partition", [&](auto& s) {
    s.choice("method", c.partition.method,
             {{"automatic", PartitionMethod::automatic},
              {"given", PartitionMethod::given},
              {"metis", PartitionMethod::metis},
              {"coordinates", PartitionMethod::coordinates}});
    s.integer("patches", c.partition.patches, 0, std::int64_t(1) << 30);
  });
  v.names("input", c.input);
  v.names("target", c.target);
  v.integer("target_shift", c.target_shift, 0, most_steps);
  v.flag("normalise", c.normalise);
  v.choice("dtype", c.dtype, {{"f32", DType::f32}, {"f64", DType::f64}});
  v.integer("seed", c.seed, 0, std::numeric_limits<std::int64_t>::max());
  v.integer("steps", c.steps, 0, most_steps);
  v.section("model", [&](auto& s) {
    int only = 0;
    s.choice("type", only, {{"mesh_graph_net", 0}});
    s.integer("hidden", c.model.hidden, 1, 4096);
    s.integer("mlp_hidden_layers", c.model.mlp_hidden_layers, 0, 100);
    s.integer("steps", c.model.steps, 0, 1000);
    s.choice("activation", c.model.activation,
             {{"identity", Activation::identity},
              {"relu", Activation::relu},
              {"elu", Activation::elu},
              {"tanh", Activation::tanh},
              {"sigmoid", Activation::sigmoid},
              {"softplus", Activation::softplus},
              {"silu", Activation::silu},
              {"gelu", Activation::gelu},
              {"leaky_relu", Activation::leaky_relu},
              {"selu", Activation::selu},
              {"ssp", Activation::ssp}});
    s.flag("layer_norm", c.model.layer_norm);
    s.flag("carry_edges", c.model.carry_edges);
    s.flag("checkpoint", c.model.checkpoint);
  });
  v.choice("loss", c.loss,
           {{"mean_square_error", Loss::mean_square_error}, {"mean_absolute_error", Loss::mean_absolute_error}});
  v.section("optimizer", [&](auto& s) {
    s.choice("type", c.optimizer.type,
             {{"adam", OptimizerType::adam}, {"adamw", OptimizerType::adamw}, {"sgd", OptimizerType::sgd}});
    s.real("beta1", c.optimizer.beta1, 0, 1);
    s.real("beta2", c.optimizer.beta2, 0, 1);
    s.real("epsilon", c.optimizer.epsilon, 0, 1);
    s.real("weight_decay", c.optimizer.weight_decay, 0, unlimited);
    s.real("momentum", c.optimizer.momentum, 0, 1);
    s.flag("nesterov", c.optimizer.nesterov);
  });
  v.section("schedule", [&](auto& s) {
    s.choice("type", c.schedule.type,
             {{"constant", ScheduleType::constant}, {"cosine", ScheduleType::cosine}, {"step", ScheduleType::step}});
    s.real("rate", c.schedule.rate, 0, unlimited);
    s.real("floor", c.schedule.floor, 0, unlimited);
    s.integer("warmup_steps", c.schedule.warmup_steps, 0, most_steps);
    s.real("factor", c.schedule.factor, 0, 1);
    s.integer("every", c.schedule.every, 1, most_steps);
  });
  v.section("clip", [&](auto& s) {
    s.real("norm", c.clip.norm, 0, unlimited);
    s.real("value", c.clip.value, 0, unlimited);
  });
  v.integer("threads", c.threads, 0, 1024);
  v.flag("overlap", c.overlap);
  v.flag("record", c.record);
  v.text("device", c.device);
  v.section("checkpoint", [&](auto& s) {
    s.integer("every", c.checkpoint.every, 0, most_steps);
    s.text("path", c.checkpoint.path);
  });
  v.text("restart", c.restart);
  v.text("initial_weights", c.initial_weights);
  v.text("model_output", c.model_output);
  v.text("history", c.history);
}

}  // namespace halograph::train
