// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/mesh_training.hpp>

#include <optional>
#include <utility>

#include <halograph/core/error.hpp>
#include <halograph/io/state.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/ops/loss.hpp>

#include "core/transfer.hpp"
#include "train/scaling_archive.hpp"

namespace halograph::train {
namespace {

nn::MeshGraphNetOptions model_options(const Case& data, const Config& config) {
  nn::MeshGraphNetOptions options = config.model;
  options.node_in = data.node_in;
  options.edge_in = data.edge_in;
  options.node_out = data.node_out;
  return options;
}

optim::Schedule make_schedule(const Config& config) {
  const Config::Schedule& s = config.schedule;
  optim::Schedule after = optim::constant(s.rate);
  if (s.type == ScheduleType::cosine && config.steps > 0)
    after = optim::cosine_decay(s.rate, s.floor, config.steps - s.warmup_steps);
  if (s.type == ScheduleType::step) after = optim::step_decay(s.rate, s.factor, s.every);
  return s.warmup_steps > 0 ? optim::warmup(s.rate, s.warmup_steps, std::move(after)) : after;
}

optim::OptimizerMaker make_optimizer(const Config& config) {
  const Config::Optimizer& o = config.optimizer;
  if (o.type == OptimizerType::sgd)
    return optim::sgd({.schedule = make_schedule(config),
                       .momentum = o.momentum,
                       .weight_decay = o.weight_decay,
                       .nesterov = o.nesterov});
  return optim::adam({.schedule = make_schedule(config),
                      .beta1 = o.beta1,
                      .beta2 = o.beta2,
                      .epsilon = o.epsilon,
                      .weight_decay = o.weight_decay,
                      .decoupled = o.type == OptimizerType::adamw});
}

Terms loss_of(const Config& config, const Tensor& output, const Tensor& target) {
  return config.loss == Loss::mean_square_error ? term("mean_square_error", ops::mean_square_error(output, target))
                                                : term("mean_absolute_error", ops::mean_absolute_error(output, target));
}

Tensor empty_like(const Tensor& x) { return Tensor::empty(x.rows(), x.cols(), x.dtype(), x.row_space(), x.device()); }

}  // namespace

MeshTraining::MeshTraining(const Case& data, const Config& config)
    : MeshTraining(data, config, MeshModel(Scope(Random(config.seed), config.dtype), model_options(data, config))) {}

MeshTraining::MeshTraining(const Case& data, const Config& config, const MeshModel& net)
    : Training(net.state(), make_optimizer(config),
               {.clip_norm = config.clip.norm, .clip_value = config.clip.value, .record = config.record}),
      data_(data),
      config_(config),
      net_(net) {
  require(!data.target.empty(), "MeshTraining: the case has no targets");
  use(losses());
}

Losses MeshTraining::losses() {
  Losses all{data_.graph().comm(), std::int64_t(data_.target.size()), {{"graph", data_.fingerprint}}, {}};
  for (auto& key : config_identity(config_)) all.identity.push_back(std::move(key));
  all.loss = [this](std::int64_t, std::int64_t pair, const nn::Mode&) {
    const std::size_t k = std::size_t(pair);
    return loss_of(config_, net_(data_.graph(), data_.input[k], data_.edges), data_.target[k]);
  };
  FixedStep fixed{data_.graph().device(), {}, {}};
  fixed.place = [this](std::int64_t, std::int64_t pair) {
    const Tensor &input = data_.input[std::size_t(pair)], &target = data_.target[std::size_t(pair)];
    if (!input_.defined()) {
      input_ = empty_like(input);
      target_ = empty_like(target);
    }
    copy(input, input_);
    copy(target, target_);
  };
  fixed.loss = [this] { return loss_of(config_, net_(data_.graph(), input_, data_.edges), target_); };
  all.fixed = std::make_shared<const FixedStep>(std::move(fixed));
  return all;
}

Ending MeshTraining::run(const std::function<void(const MeshTraining&)>& after_step) {
  FitOptions options;
  options.epochs = 0;
  options.steps = config_.steps;
  options.checkpoint = config_.checkpoint.path;
  options.checkpoint_every = config_.checkpoint.every;
  options.history = config_.history;
  options.time_limit = config_.time_limit;
  if (!after_step) return Training::run(options);
  return Training::run(options, [&](const Training&) { after_step(*this); });
}

void MeshTraining::load_weights(const std::string& path) {
  io::load_state(net_.state(), halograph::load_weights(data_.graph().comm(), path), path);
}

void MeshTraining::put(Archive& archive) const {
  put_scaling(archive, data_.scaling);
  archive.texts["config"] = to_json(config_);
}

void MeshTraining::take(Archive& archive, const std::string& path) {
  const std::optional<Scaling> saved = take_scaling(archive, path);
  if (!saved)
    return warn(data_.graph().comm(), path,
                ": an earlier version wrote this checkpoint, without the scaling of its data; ",
                "that of the data at hand is used");
  const std::string differs = difference(data_.scaling, *saved);
  require(differs.empty(), path, ": cannot go on from this checkpoint: ", differs);
}

}  // namespace halograph::train
