// SPDX-License-Identifier: BSD-3-Clause
// A small training problem whose every part a test can vary: a box in patches with a Taylor-Green vortex at given
// times.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/slab/partition.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/train/mesh_training.hpp>

namespace halograph::testing {

/// The configuration of a network on the box, with more keys (", \"seed\": 2").
inline train::Config small_config(const std::string& more = "", std::vector<std::string> overrides = {}) {
  return train::parse_config(
      R"({"graph": "box", "input": ["velocity", "pressure"], "target": "velocity", "target_shift": 1,
    "steps": 7, "schedule": {"type": "cosine", "warmup_steps": 2, "rate": 0.01, "floor": 0.001},
    "model": {"hidden": 6, "mlp_hidden_layers": 1, "steps": 2})" +
          more + "}",
      "test", overrides);
}

/// Changes a slab before it is partitioned.
using Change = std::function<void(GraphSlab&)>;

inline GraphSlab small_slab(const Communicator& comm, int frames = 4, const Change& change = {}) {
  GraphSlab slab = spectral_box({{3, 2, 2}, 2}, comm.rank(), comm.size());
  std::vector<double> times;
  for (int k = 0; k < frames; ++k) times.push_back(1.5 * k);
  add_taylor_green(slab, times);
  if (change) change(slab);
  return slab;
}

inline train::Case small_case(const Communicator& comm, const train::Config& config, int frames = 4,
                              const Change& change = {}, const train::CaseOptions& options = {}) {
  GraphSlab slab = small_slab(comm, frames, change);
  partition(comm, slab, coordinate_bisection({6}));
  return train::make_case(comm, config, std::move(slab), options);
}

/// The warnings and notes of the library while this lives, on rank 0.
class Messages {
 public:
  Messages() {
    set_message_handler([this](Severity, const std::string& text) { lines.push_back(text); });
  }
  ~Messages() { set_message_handler({}); }
  Messages(const Messages&) = delete;
  Messages& operator=(const Messages&) = delete;

  std::vector<std::string> lines;
};

}  // namespace halograph::testing
