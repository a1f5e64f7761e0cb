// SPDX-License-Identifier: BSD-3-Clause
// The configuration of a training run: a JSON file read strictly. An unknown or repeated key, a value of
// the wrong type or out of range is an error that names the key, the value and the rule. docs/training.md
// describes every key. Plain data; only read_config communicates.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/dtype.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/nn/models/mesh_graph_net.hpp>

namespace halograph::train {

enum class PartitionMethod : std::uint8_t { automatic, given, metis, coordinates };
enum class Loss : std::uint8_t { mean_square_error, mean_absolute_error };
enum class OptimizerType : std::uint8_t { adam, adamw, sgd };
enum class ScheduleType : std::uint8_t { constant, cosine, step };

struct Config {
  std::string graph;                ///< a graph file, or a mesh (.su2, .msh)
  std::vector<std::string> fields;  ///< solutions of an .su2 mesh, one file a frame
  bool join_periodic = false;       ///< join the sides that a Gmsh mesh declares periodic

  struct Partition {
    PartitionMethod method = PartitionMethod::automatic;  ///< automatic: given if the file has patches, else metis
    std::int64_t patches = 0;                             ///< 0: from the graph's size
  } partition;

  std::vector<std::string> input, target;  ///< fields
  std::int64_t target_shift = 0;           ///< the target is this many frames ahead of the input
  bool normalise = true;
  DType dtype = DType::f32;
  std::uint64_t seed = 1;
  std::int64_t steps = 100;

  nn::MeshGraphNetOptions model;  ///< sizes of input and output follow from the fields
  Loss loss = Loss::mean_square_error;

  struct Optimizer {
    OptimizerType type = OptimizerType::adam;
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0, momentum = 0;
    bool nesterov = false;
  } optimizer;

  struct Schedule {
    ScheduleType type = ScheduleType::constant;
    double rate = 1e-3, floor = 0, factor = 0.5;
    std::int64_t warmup_steps = 0, every = 100;
  } schedule;

  struct Clip {
    double norm = 0, value = 0;  ///< 0: not clipped
  } clip;

  std::int64_t threads = 0;  ///< a rank; 0: as the environment says
  bool overlap = true;
  bool record = true;  ///< launch a step as a whole where one rank works on a device
  std::string device;  ///< empty: as the environment says

  struct Checkpoint {
    std::int64_t every = 0;  ///< steps; 0: at the end only
    std::string path;        ///< empty: none
  } checkpoint;

  double time_limit = 0;  ///< seconds after which the run stops with a checkpoint; 0: none
  std::string restart, initial_weights, model_output, history;
};

/// The configuration in `text`, with `overrides` ("model.hidden=8") applied; `source` names it in messages. Values of
/// overrides are JSON, or words where they are none. Throws UsageError.
Config parse_config(const std::string& text, const std::string& source, std::span<const std::string> overrides = {});

/// The same for a file, which rank 0 reads. Collective.
Config read_config(const Communicator& comm, const std::string& path, std::span<const std::string> overrides = {});

/// JSON that parse_config reads back to the same configuration, every key written out.
std::string to_json(const Config& config);

/// Every key that a configuration can have: "graph", "model.hidden" and so on.
std::vector<std::string> config_keys();

/// The keys whose values decide the results, with those values as JSON text. A run goes on only from a checkpoint that
/// agrees in all of them.
std::vector<std::pair<std::string, std::string>> config_identity(const Config& config);

/// The value of each key as JSON text, in the order of config_keys().
std::vector<std::string> config_values(const Config& config);

}  // namespace halograph::train
