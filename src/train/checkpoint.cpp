// SPDX-License-Identifier: BSD-3-Clause
// Saving and loading the state of a run.
#include <algorithm>
#include <array>
#include <optional>

#include <halograph/core/error.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/io/state.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/mpi/log.hpp>
#include <halograph/train/trainer.hpp>

#include "train/scaling_archive.hpp"
#include "train/strict_json.hpp"

namespace halograph::train {
namespace {

constexpr const char* kind = "checkpoint";
constexpr const char* history_name = "history";
constexpr std::int64_t report_size = 4;

/// Keys whose values decide what the state means; the others may change between runs.
bool decides(const std::string& key) {
  constexpr std::array sections{"model.", "optimizer."};
  constexpr std::array keys{"input", "target", "target_shift", "normalise", "dtype", "seed", "loss"};
  return key != "model.checkpoint" &&
         (std::any_of(sections.begin(), sections.end(), [&](const char* s) { return key.starts_with(s); }) ||
          std::find(keys.begin(), keys.end(), key) != keys.end());
}

/// What two runs must share for one to go on with the state of the other.
Json identity(const Config& config, const Case& data) {
  Json object = Json::object();
  object["graph"] = data.fingerprint;
  const std::vector<std::string> keys = config_keys(), values = config_values(config);
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (decides(keys[i])) object[keys[i]] = values[i];
  return object;
}

/// What two fingerprints with the same sizes differ in.
std::string hint(const std::string& key, const std::string& here, const std::string& there) {
  const auto sizes = [](const std::string& fingerprint) { return fingerprint.substr(0, fingerprint.rfind(',')); };
  return key == "graph" && sizes(here) == sizes(there)
             ? " (the sizes agree; ids, patches, positions, edges or fields do not)"
             : "";
}

void require_same(const Json& saved, const Json& mine, const std::string& path) {
  for (const auto& [key, value] : mine.items()) {
    const std::string here = value.get<std::string>(),
                      there = saved.contains(key) ? saved[key].get<std::string>() : "absent";
    require(there == here, path, ": cannot go on from this checkpoint: ", key, " is ", here, " here, but ", there,
            " in the checkpoint", hint(key, here, there));
  }
}

void require_same(const std::optional<Scaling>& saved, const Case& data, const std::string& path) {
  if (!saved)
    return warn(data.graph().comm(), path,
                ": an earlier version wrote this checkpoint, without the scaling of its data; ",
                "that of the data at hand is used");
  const std::string differs = difference(data.scaling, *saved);
  require(differs.empty(), path, ": cannot go on from this checkpoint: ", differs);
}

Tensor pack(const std::vector<StepReport>& history) {
  std::vector<double> values;
  for (const StepReport& r : history) values.insert(values.end(), {r.loss, r.rate, r.gradient_norm, r.seconds});
  return Tensor::from(values, std::int64_t(history.size()), report_size, DType::f64);
}

std::vector<StepReport> unpack(const Tensor& tensor) {
  const std::vector<double> values = tensor.to_vector<double>();
  std::vector<StepReport> history;
  for (std::size_t i = 0; i + 3 < values.size(); i += report_size)
    history.push_back({values[i], values[i + 1], values[i + 2], values[i + 3]});
  return history;
}

}  // namespace

void Trainer::save(const std::string& path) const { write_archive(data_.graph().comm(), path, checkpoint(), kind); }

void Trainer::rehearse_saving(const std::string& path) const {
  rehearse_archive(data_.graph().comm(), path, checkpoint(), kind);
}

Archive Trainer::checkpoint() const {
  Archive archive;
  archive.tensors = state();
  if (!history_.empty()) archive.tensors.push_back({history_name, pack(history_)});
  put_scaling(archive, data_.scaling);
  archive.integers["steps_done"] = steps_done();
  archive.texts["identity"] = identity(config_, data_).dump();
  archive.texts["config"] = to_json(config_);
  return archive;
}

void Trainer::load(const std::string& path) {
  Archive archive = read_archive(data_.graph().comm(), path, kind);
  require<FileError>(archive.texts.contains("identity") && archive.integers.contains("steps_done"), path,
                     ": not the checkpoint of a training run");
  require_same(parse_object(archive.texts.at("identity"), path), identity(config_, data_), path);
  require_same(take_scaling(archive, path), data_, path);
  std::vector<StepReport> history;
  std::erase_if(archive.tensors, [&](const NamedTensor& tensor) {
    if (tensor.name != history_name) return false;
    history = unpack(tensor.value);
    return true;
  });
  require<FileError>(std::int64_t(history.size()) == archive.integers.at("steps_done"), path, ": ",
                     archive.integers.at("steps_done"), " steps, but a history of ", history.size());
  io::load_state(state(), archive.tensors, path);
  history_ = std::move(history);
  optimizer_->set_steps_done(steps_done());
}

void Trainer::load_weights(const std::string& path) {
  io::load_state(net_.state(), halograph::load_weights(data_.graph().comm(), path), path);
}

}  // namespace halograph::train
