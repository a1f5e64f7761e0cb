// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/config.hpp>

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

#include "io/file_kind.hpp"
#include "train/config_keys.hpp"
#include "train/config_visitors.hpp"
#include "train/naming.hpp"

namespace halograph::train {
namespace {

constexpr std::size_t longest_file = std::size_t(1) << 20;

/// No file is written that another key names, but a checkpoint that the run goes on from.
void check_paths(const Config& c, const std::string& source) {
  using Named = std::pair<const char*, const std::string&>;
  const std::array<Named, 3> written{
      {{"checkpoint.path", c.checkpoint.path}, {"model_output", c.model_output}, {"history", c.history}}};
  const std::array<Named, 3> read{{{"graph", c.graph}, {"restart", c.restart}, {"initial_weights", c.initial_weights}}};
  const auto differ = [&](const Named& a, const Named& b) {
    require(a.second.empty() || !same_file(a.second, b.second), source, ": ", a.first, " and ", b.first,
            " are the same file, ", a.second);
  };
  for (std::size_t i = 0; i < written.size(); ++i) {
    for (std::size_t k = i + 1; k < written.size(); ++k) differ(written[i], written[k]);
    for (const Named& other : read)
      if (&written[i].second != &c.checkpoint.path || &other.second != &c.restart) differ(written[i], other);
    for (const std::string& solution : c.fields) differ(written[i], {"fields", solution});
  }
}

/// Rules between keys.
void check(const Config& c, const std::string& source) {
  const auto rule = [&](bool ok, const auto&... message) { require(ok, source, ": ", message...); };
  rule(!c.graph.empty(), "graph is missing: expected the path of a graph file or a mesh");
  rule(!c.input.empty(), "input is missing: expected the names of one or more fields");
  rule(!c.target.empty(), "target is missing: expected the names of one or more fields");
  rule(c.partition.patches == 0 || c.partition.method != PartitionMethod::given, "partition.patches is ",
       c.partition.patches, ", but with partition.method \"given\" the patches are those of the file");
  rule(c.optimizer.beta1 < 1, "optimizer.beta1 is 1, expected a number below 1");
  rule(c.optimizer.beta2 < 1, "optimizer.beta2 is 1, expected a number below 1");
  rule(c.optimizer.momentum == 0 || c.optimizer.type == OptimizerType::sgd, "optimizer.momentum is ",
       c.optimizer.momentum, ", but only \"sgd\" has a momentum");
  rule(!c.optimizer.nesterov || c.optimizer.momentum > 0, "optimizer.nesterov is true, but optimizer.momentum is 0");
  rule(c.schedule.floor <= c.schedule.rate, "schedule.floor is ", c.schedule.floor, ", above schedule.rate ",
       c.schedule.rate);
  rule(c.schedule.type != ScheduleType::cosine || c.steps == 0 || c.schedule.warmup_steps < c.steps,
       "schedule.warmup_steps is ", c.schedule.warmup_steps, ", expected less than steps, ", c.steps);
  rule(c.checkpoint.every == 0 || !c.checkpoint.path.empty(), "checkpoint.every is ", c.checkpoint.every,
       ", but checkpoint.path is missing");
  rule(c.time_limit == 0 || !c.checkpoint.path.empty(), "time_limit is ", c.time_limit,
       ", but checkpoint.path is missing: there would be nothing to go on from");
  rule(c.restart.empty() || c.initial_weights.empty(), "restart and initial_weights exclude each other");
  check_paths(c, source);
  if (!c.device.empty()) {
    try {
      Device::parse(c.device);
    } catch (const Error& error) {
      throw UsageError(cat(source, ": device: ", error.what()));
    }
  }
}

Json to_object(const Config& config, bool results_only = false) {
  Config copy = config;
  ConfigWriter writer(results_only);
  visit_keys(writer, copy);
  return std::move(writer.object);
}

template <class Body>
void for_each_value(const Json& object, const std::string& prefix, const Body& body) {
  for (const auto& [key, value] : object.items())
    if (value.is_object()) for_each_value(value, prefix + key + ".", body);
    else body(prefix + key, value);
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  require<FileError>(file.good(), path, ": cannot be opened");
  std::string text;
  text.resize(longest_file + 1);
  file.read(text.data(), std::streamsize(text.size()));
  require<FileError>(file.eof() && !file.bad(), path, ": not a configuration: a folder, or longer than ", longest_file,
                     " bytes");
  text.resize(std::size_t(file.gcount()));
  io::require_readable(path, text);
  return std::string(io::without_mark(text));
}

}  // namespace

Config parse_config(const std::string& text, const std::string& source, std::span<const std::string> overrides) {
  Json object = parse_object(text, source);
  for (const std::string& assignment : overrides) apply_override(object, assignment);
  Config config;
  ConfigReader reader(std::move(object), source);
  visit_keys(reader, config);
  reader.finish();
  check(config, source);
  return config;
}

Config read_config(const Communicator& comm, const std::string& path, std::span<const std::string> overrides) {
  std::string text;
  on_root<FileError>(comm, path, [&] { text = read_text(path); });
  comm.broadcast(text, 0);
  Config config = parse_config(text, path, overrides);
  for (const std::string& output : {config.checkpoint.path, config.model_output, config.history})
    require(!same_file(output, path), path, ": an output of the run would replace this configuration");
  return config;
}

std::string to_json(const Config& config) { return to_object(config).dump(2); }

std::vector<std::string> config_keys() {
  std::vector<std::string> keys;
  for_each_value(to_object(Config()), "", [&](const std::string& key, const Json&) { keys.push_back(key); });
  return keys;
}

std::vector<std::pair<std::string, std::string>> config_identity(const Config& config) {
  std::vector<std::pair<std::string, std::string>> identity;
  for_each_value(to_object(config, true), "",
                 [&](const std::string& key, const Json& value) { identity.emplace_back(key, value.dump()); });
  return identity;
}

std::vector<std::string> config_values(const Config& config) {
  std::vector<std::string> values;
  for_each_value(to_object(config), "", [&](const std::string&, const Json& value) { values.push_back(value.dump()); });
  return values;
}

}  // namespace halograph::train
