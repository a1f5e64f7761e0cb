// SPDX-License-Identifier: BSD-3-Clause
// Model files: a trained network with what it takes to use it on other data, namely its configuration and what its
// features were scaled by. An archive (io/archive.hpp) of the kind "model".
#pragma once

#include <string>
#include <vector>

#include <halograph/train/case.hpp>
#include <halograph/train/mesh_training.hpp>

namespace halograph::train {

struct Model {
  Config config;
  Scaling scaling;
  MeshModel net;
};

/// Replaces the file `path` by the trained network. Collective.
void save_model(const std::string& path, const MeshTraining& training);

/// Writes the file that save_model() would write beside `path` and removes it again, to meet errors before the training
/// and not after it. Collective.
void rehearse_model(const std::string& path, const MeshTraining& training);

/// The network of a model file, on the preferred device. `overrides` change its configuration where that does not
/// change the network. Throws the same Error on all ranks, also for models of earlier versions that lack the scaling.
/// Collective.
Model load_model(const Communicator& comm, const std::string& path, std::span<const std::string> overrides = {});

}  // namespace halograph::train
