// SPDX-License-Identifier: BSD-3-Clause
#include "train/history_file.hpp"

#include <algorithm>
#include <cstdio>
#include <span>

namespace halograph::train {
namespace {

std::string digits_of(double value, const char* pattern = "%.17g") {
  char text[64];
  std::snprintf(text, sizeof text, pattern, value);
  return text;
}

std::size_t columns_for(const Training& training) { return training.terms().size() > 1 ? training.terms().size() : 0; }

}  // namespace

HistoryFile::HistoryFile(const Communicator& comm, const std::string& path, const Training& training, bool validated)
    : comm_(comm), path_(path), validated_(validated) {
  if (path_.empty()) return;
  on_root<FileError>(comm_, path_, [&] {
    // Where there is no room for the new table, an earlier one stays.
    file_ = std::make_unique<Replacement>(path_);
    write_all(training);
    file_->commit();
  });
}

void HistoryFile::append(const Training& training) {
  if (path_.empty()) return;
  on_root<FileError>(comm_, path_, [&] {
    if (columns_for(training) != terms_) write_all(training);
    else write(row(training, training.history().size() - 1));
  });
}

void HistoryFile::write_all(const Training& training) {
  size_ = 0;
  terms_ = columns_for(training);
  std::string header = "step,loss,rate,gradient_norm,seconds";
  if (terms_ > 0)
    for (const std::string& name : training.terms()) header += "," + name;
  write(header + (validated_ ? ",validation\n" : "\n"));
  for (std::size_t i = 0; i < training.history().size(); ++i) write(row(training, i));
}

std::string HistoryFile::row(const Training& training, std::size_t step) const {
  const StepReport& r = training.history()[step];
  std::string text = std::to_string(step + 1);
  for (const double value : {r.loss, r.rate, r.gradient_norm}) text += cat(',', digits_of(value));
  text += cat(',', digits_of(r.seconds, "%.6g"));
  if (terms_ > 0)
    for (const double value : r.terms) text += cat(',', digits_of(value));
  if (!validated_) return text + "\n";
  const auto& all = training.validations();
  const auto mine =
      std::find_if(all.begin(), all.end(), [&](const auto& v) { return v.step == std::int64_t(step) + 1; });
  return cat(text, ',', mine == all.end() ? "" : digits_of(mine->loss), '\n');
}

void HistoryFile::write(const std::string& text) {
  file_->file().write(size_, std::as_bytes(std::span(text)));
  size_ += std::int64_t(text.size());
}

}  // namespace halograph::train
