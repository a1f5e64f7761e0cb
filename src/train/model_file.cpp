// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/model_file.hpp>

#include <optional>

#include <halograph/core/error.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/io/state.hpp>

#include "train/scaling_archive.hpp"

namespace halograph::train {
namespace {

constexpr const char* model_kind = "model";

std::int64_t integer(const Archive& archive, const std::string& name, const std::string& path) {
  const auto found = archive.integers.find(name);
  require<FileError>(found != archive.integers.end() && found->second > 0, path, ": no positive number '", name, "'");
  return found->second;
}

Archive archive_of(const MeshTraining& training) {
  Archive archive;
  archive.tensors = training.net().state();
  put_scaling(archive, training.data().scaling);
  archive.integers = {{"node_in", training.data().node_in},
                      {"edge_in", training.data().edge_in},
                      {"node_out", training.data().node_out},
                      {"steps_done", training.steps_done()}};
  archive.texts["config"] = to_json(training.config());
  return archive;
}

}  // namespace

void save_model(const std::string& path, const MeshTraining& training) {
  write_archive(training.data().graph().comm(), path, archive_of(training), model_kind);
}

void rehearse_model(const std::string& path, const MeshTraining& training) {
  rehearse_archive(training.data().graph().comm(), path, archive_of(training), model_kind);
}

Model load_model(const Communicator& comm, const std::string& path, std::span<const std::string> overrides) {
  Archive archive = read_archive(comm, path, model_kind);
  require<FileError>(archive.texts.contains("config"), path, ": no text 'config'");
  Config config = parse_config(archive.texts.at("config"), path, overrides);
  config.model.node_in = integer(archive, "node_in", path);
  config.model.edge_in = integer(archive, "edge_in", path);
  config.model.node_out = integer(archive, "node_out", path);
  std::optional<Scaling> scaling = take_scaling(archive, path);
  require<FileError>(
      scaling.has_value(), path,
      ": no real number 'edge_length': an earlier version wrote this model, without what "
      "lengths of edges were divided by; train with 'restart' and the same number of steps to write it anew");
  const auto channels = [&](const std::vector<std::string>& fields) {
    return std::int64_t(joined(scaling->statistics, fields).mean.size());
  };
  require<FileError>(channels(config.input) == config.model.node_in && channels(config.target) == config.model.node_out,
                     path, ": the network takes ", config.model.node_in, " channels and gives ", config.model.node_out,
                     ", but there are statistics of ", channels(config.input), " and ", channels(config.target));
  MeshModel net(Scope(Random(config.seed), config.dtype), config.model);
  io::load_state(net.state(), archive.tensors, path);
  return {std::move(config), *std::move(scaling), std::move(net)};
}

}  // namespace halograph::train
