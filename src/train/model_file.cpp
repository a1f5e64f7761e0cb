// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/model_file.hpp>

#include <string_view>

#include <halograph/core/error.hpp>
#include <halograph/core/random.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/nn/state.hpp>

namespace halograph::train {
namespace {

constexpr const char* kind = "model";
constexpr std::string_view statistics_prefix = "statistics.";

/// [2, channels]: means, then deviations.
NamedTensor pack(const FieldStatistics& statistics) {
  std::vector<double> values = statistics.values.mean;
  values.insert(values.end(), statistics.values.deviation.begin(), statistics.values.deviation.end());
  const std::int64_t channels = std::int64_t(statistics.values.mean.size());
  return {std::string(statistics_prefix) + statistics.field, Tensor::from(values, 2, channels, DType::f64)};
}

FieldStatistics unpack(const NamedTensor& tensor, const std::string& path) {
  require<FileError>(tensor.value.rows() == 2, path, ": '", tensor.name, "' is ", tensor.value.describe(),
                     ", expected means and deviations");
  const std::vector<double> values = tensor.value.to_vector<double>();
  const auto middle = values.begin() + tensor.value.cols();
  return {tensor.name.substr(statistics_prefix.size()), {{values.begin(), middle}, {middle, values.end()}}};
}

std::int64_t integer(const Archive& archive, const std::string& name, const std::string& path) {
  const auto found = archive.integers.find(name);
  require<FileError>(found != archive.integers.end() && found->second > 0, path, ": no positive number '", name, "'");
  return found->second;
}

}  // namespace

void save_model(const std::string& path, const Trainer& trainer) {
  Archive archive;
  archive.tensors = trainer.net().parameters();
  for (const FieldStatistics& one : trainer.data().statistics) archive.tensors.push_back(pack(one));
  archive.integers = {{"node_in", trainer.data().node_in},
                      {"edge_in", trainer.data().edge_in},
                      {"node_out", trainer.data().node_out},
                      {"steps_done", trainer.steps_done()}};
  archive.texts["config"] = to_json(trainer.config());
  write_archive(trainer.data().graph().comm(), path, archive, kind);
}

Model load_model(const Communicator& comm, const std::string& path, std::span<const std::string> overrides) {
  Archive archive = read_archive(comm, path, kind);
  require<FileError>(archive.texts.contains("config"), path, ": no text 'config'");
  Config config = parse_config(archive.texts.at("config"), path, overrides);
  config.model.node_in = integer(archive, "node_in", path);
  config.model.edge_in = integer(archive, "edge_in", path);
  config.model.node_out = integer(archive, "node_out", path);
  std::vector<FieldStatistics> statistics;
  std::erase_if(archive.tensors, [&](const NamedTensor& tensor) {
    if (!tensor.name.starts_with(statistics_prefix)) return false;
    statistics.push_back(unpack(tensor, path));
    return true;
  });
  nn::MeshGraphNet net(config.model, config.dtype, Random(config.seed));
  nn::load_state(net.parameters(), archive.tensors, path);
  return {std::move(config), std::move(statistics), std::move(net)};
}

}  // namespace halograph::train
