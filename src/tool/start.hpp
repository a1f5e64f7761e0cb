// SPDX-License-Identifier: BSD-3-Clause
// Where a run begins: a checkpoint, given weights, or the weights of the seed.
#pragma once

#include <halograph/train/trainer.hpp>

#include "train/naming.hpp"

namespace halograph::tool {

/// Loads what the configuration names; errors begin with its key. Collective.
inline void start_from(train::Trainer& trainer, const train::Config& config) {
  if (!config.restart.empty()) train::naming("restart", [&] { trainer.load(config.restart); });
  if (!config.initial_weights.empty())
    train::naming("initial_weights", [&] { trainer.load_weights(config.initial_weights); });
}

}  // namespace halograph::tool
