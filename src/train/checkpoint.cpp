// SPDX-License-Identifier: BSD-3-Clause
// Saving and loading the state of a run.
#include <algorithm>
#include <optional>

#include <halograph/core/error.hpp>
#include <halograph/io/archive.hpp>
#include <halograph/io/state.hpp>
#include <halograph/train/trainer.hpp>

#include "train/strict_json.hpp"

namespace halograph::train {
namespace {

constexpr const char* checkpoint_kind = "checkpoint";
constexpr const char* history_name = "history";
constexpr const char* terms_name = "history.terms";
constexpr const char* validations_name = "history.validations";
constexpr std::int64_t report_size = 4, validation_size = 2;

/// Names of loss terms have no comma.
std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = text.find(',', begin);
    names.push_back(text.substr(begin, end - begin));
  }
  return names;
}

/// What two runs must share for one to go on with the state of the other.
Json identity(const Losses& losses) {
  Json object = Json::object();
  for (const auto& [key, value] : losses.identity) object[key] = value;
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

Tensor table(const std::vector<double>& values, std::int64_t columns) {
  return Tensor::from(values, std::int64_t(values.size()) / columns, columns, DType::f64);
}

/// Takes the tensor of a name out of the archive: its values, or none.
std::vector<double> take_values(Archive& archive, const std::string& name) {
  std::vector<double> values;
  std::erase_if(archive.tensors, [&](const NamedTensor& tensor) {
    if (tensor.name != name) return false;
    values = tensor.value.to_vector<double>();
    return true;
  });
  return values;
}

std::vector<StepReport> unpack(const std::vector<double>& values) {
  std::vector<StepReport> history;
  for (std::size_t i = 0; i + 3 < values.size(); i += report_size)
    history.push_back({values[i], values[i + 1], values[i + 2], values[i + 3]});
  return history;
}

}  // namespace

void Training::save(const std::string& path) const {
  write_archive(training_.comm, path, checkpoint(), checkpoint_kind);
}

void Training::rehearse_saving(const std::string& path) const {
  rehearse_archive(training_.comm, path, checkpoint(), checkpoint_kind);
}

Archive Training::checkpoint() const {
  Archive archive;
  archive.tensors = whole_state();
  std::vector<double> reports, terms, validations;
  for (const StepReport& r : history_) {
    reports.insert(reports.end(), {r.loss, r.rate, r.gradient_norm, r.seconds});
    terms.insert(terms.end(), r.terms.begin(), r.terms.end());
  }
  for (const ValidationReport& v : validations_) validations.insert(validations.end(), {double(v.step), v.loss});
  if (!reports.empty()) archive.tensors.push_back({history_name, table(reports, report_size)});
  if (!terms.empty()) {
    archive.tensors.push_back({terms_name, table(terms, std::int64_t(term_names_.size()))});
    archive.texts["terms"] = joined(term_names_);
  }
  if (!validations.empty()) archive.tensors.push_back({validations_name, table(validations, validation_size)});
  archive.integers["steps_done"] = steps_done();
  archive.texts["identity"] = identity(training_).dump();
  put(archive);
  return archive;
}

void Training::load(const std::string& path) {
  require(training_.loss != nullptr, path, ": the trainer has no stream of steps yet; name it as FitOptions::restart");
  Archive archive = read_archive(training_.comm, path, checkpoint_kind);
  require<FileError>(archive.texts.contains("identity") && archive.integers.contains("steps_done"), path,
                     ": not the checkpoint of a training run");
  require_same(parse_object(archive.texts.at("identity"), path), identity(training_), path);
  take(archive, path);
  std::vector<StepReport> history = unpack(take_values(archive, history_name));
  require<FileError>(std::int64_t(history.size()) == archive.integers.at("steps_done"), path, ": ",
                     archive.integers.at("steps_done"), " steps, but a history of ", history.size());
  std::vector<std::string> names;
  if (archive.texts.contains("terms")) names = split(archive.texts.at("terms"));
  const std::vector<double> terms = take_values(archive, terms_name);
  require<FileError>(terms.size() == names.size() * history.size(), path, ": ", terms.size(), " values of ",
                     names.size(), " loss terms in ", history.size(), " steps");
  for (std::size_t i = 0; i < terms.size(); ++i) history[i / names.size()].terms.push_back(terms[i]);
  std::vector<ValidationReport> validations;
  const std::vector<double> losses = take_values(archive, validations_name);
  for (std::size_t i = 0; i + 1 < losses.size(); i += validation_size)
    validations.push_back({std::int64_t(losses[i]), losses[i + 1]});
  io::load_state(whole_state(), archive.tensors, path);
  history_ = std::move(history);
  validations_ = std::move(validations);
  term_names_ = std::move(names);
  optimizer_->set_steps_done(steps_done());
}

}  // namespace halograph::train
