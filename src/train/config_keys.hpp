// SPDX-License-Identifier: BSD-3-Clause
// The one list of configuration keys: reader, writer and the list of known keys are visitors of it. Each key says what
// it is for, so that none can be forgotten in the identity of a run.
#pragma once

#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <halograph/train/config.hpp>

namespace halograph::train {

/// What a key is for. `result`: it decides what the state of a run means, and a run goes on only from a checkpoint that
/// has the same value. `run`: it may change between a run and the one that goes on from it.
enum class Key : std::uint8_t { result, run };

inline constexpr double unlimited = std::numeric_limits<double>::max();
inline constexpr std::int64_t most_steps = std::int64_t(1) << 40;

/// The names of a table of words, without the second words for a value.
template <class Enum, std::size_t n>
std::vector<std::pair<const char*, Enum>> choices_of(const Words<Enum, n>& words) {
  std::vector<std::pair<const char*, Enum>> choices;
  for (const auto& [word, value] : words)
    if (word_of(words, value) == word) choices.emplace_back(word.data(), value);
  return choices;
}

template <class Visitor>
void visit_keys(Visitor& v, Config& c) {
  v.text("graph", Key::run, c.graph);
  v.names("fields", Key::run, c.fields);
  v.flag("join_periodic", Key::run, c.join_periodic);
  v.section("partition", [&](auto& s) {
    s.choice("method", Key::run, c.partition.method,
             {{"automatic", PartitionMethod::automatic},
              {"given", PartitionMethod::given},
              {"metis", PartitionMethod::metis},
              {"coordinates", PartitionMethod::coordinates}});
    s.integer("patches", Key::run, c.partition.patches, 0, std::int64_t(1) << 30);
  });
  v.names("input", Key::result, c.input);
  v.names("target", Key::result, c.target);
  v.integer("target_shift", Key::result, c.target_shift, 0, most_steps);
  v.flag("normalise", Key::result, c.normalise);
  v.choice("dtype", Key::result, c.dtype, {{"f32", DType::f32}, {"f64", DType::f64}});
  v.integer("seed", Key::result, c.seed, 0, std::numeric_limits<std::int64_t>::max());
  v.integer("steps", Key::run, c.steps, 0, most_steps);
  v.section("model", [&](auto& s) {
    int only = 0;
    s.choice("type", Key::result, only, {{"mesh_graph_net", 0}});
    s.integer("hidden", Key::result, c.model.hidden, 1, 4096);
    s.integer("mlp_hidden_layers", Key::result, c.model.mlp_hidden_layers, 0, 100);
    s.integer("steps", Key::result, c.model.steps, 0, 1000);
    s.choice("activation", Key::result, c.model.activation, choices_of(ops::activation_words));
    s.flag("layer_norm", Key::result, c.model.layer_norm);
    s.flag("carry_edges", Key::result, c.model.carry_edges);
    s.flag("checkpoint", Key::run, c.model.checkpoint);
  });
  v.choice("loss", Key::result, c.loss,
           {{"mean_square_error", Loss::mean_square_error}, {"mean_absolute_error", Loss::mean_absolute_error}});
  v.section("optimizer", [&](auto& s) {
    s.choice("type", Key::result, c.optimizer.type,
             {{"adam", OptimizerType::adam}, {"adamw", OptimizerType::adamw}, {"sgd", OptimizerType::sgd}});
    s.real("beta1", Key::result, c.optimizer.beta1, 0, 1);
    s.real("beta2", Key::result, c.optimizer.beta2, 0, 1);
    s.real("epsilon", Key::result, c.optimizer.epsilon, 0, 1);
    s.real("weight_decay", Key::result, c.optimizer.weight_decay, 0, unlimited);
    s.real("momentum", Key::result, c.optimizer.momentum, 0, 1);
    s.flag("nesterov", Key::result, c.optimizer.nesterov);
  });
  v.section("schedule", [&](auto& s) {
    s.choice("type", Key::run, c.schedule.type,
             {{"constant", ScheduleType::constant}, {"cosine", ScheduleType::cosine}, {"step", ScheduleType::step}});
    s.real("rate", Key::run, c.schedule.rate, 0, unlimited);
    s.real("floor", Key::run, c.schedule.floor, 0, unlimited);
    s.integer("warmup_steps", Key::run, c.schedule.warmup_steps, 0, most_steps);
    s.real("factor", Key::run, c.schedule.factor, 0, 1);
    s.integer("every", Key::run, c.schedule.every, 1, most_steps);
  });
  v.section("clip", [&](auto& s) {
    s.real("norm", Key::run, c.clip.norm, 0, unlimited);
    s.real("value", Key::run, c.clip.value, 0, unlimited);
  });
  v.integer("threads", Key::run, c.threads, 0, 1024);
  v.flag("overlap", Key::run, c.overlap);
  v.flag("record", Key::run, c.record);
  v.text("device", Key::run, c.device);
  v.section("checkpoint", [&](auto& s) {
    s.integer("every", Key::run, c.checkpoint.every, 0, most_steps);
    s.text("path", Key::run, c.checkpoint.path);
  });
  v.real("time_limit", Key::run, c.time_limit, 0, unlimited);
  v.text("restart", Key::run, c.restart);
  v.text("initial_weights", Key::run, c.initial_weights);
  v.text("model_output", Key::run, c.model_output);
  v.text("history", Key::run, c.history);
}

}  // namespace halograph::train
