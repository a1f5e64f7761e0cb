// SPDX-License-Identifier: BSD-3-Clause
// The visitors of config_keys.hpp: ConfigReader fills a Config from JSON, ConfigWriter does the reverse for all keys or
// for those that decide results.
#pragma once

#include <type_traits>
#include <utility>

#include <halograph/core/error.hpp>

#include "train/config_keys.hpp"
#include "train/strict_json.hpp"

namespace halograph::train {

template <class T>
using Choices = std::vector<std::pair<const char*, std::type_identity_t<T>>>;

/// Takes known keys out of an object. What was not asked for is unknown: see finish(). A null object has no keys.
class ConfigReader {
 public:
  ConfigReader(Json object, std::string source, std::string prefix = "")
      : object_(std::move(object)), source_(std::move(source)), prefix_(std::move(prefix)) {}

  void text(const char* key, Key, std::string& value) {
    with(key, [&](const Json& given) {
      expect(key, given, given.is_string(), "a text");
      value = given.get<std::string>();
    });
  }

  void names(const char* key, Key, std::vector<std::string>& value) {
    with(key, [&](const Json& given) {
      value.clear();
      for (const Json& name : given.is_array() ? given : Json::array({given})) {
        expect(key, given, name.is_string() && !name.get<std::string>().empty(), "a name or a list of names");
        value.push_back(name.get<std::string>());
      }
    });
  }

  void flag(const char* key, Key, bool& value) {
    with(key, [&](const Json& given) {
      expect(key, given, given.is_boolean(), "true or false");
      value = given.get<bool>();
    });
  }

  template <class T>
  void integer(const char* key, Key, T& value, std::int64_t low, std::int64_t high) {
    with(key, [&](const Json& given) {
      const bool fits =
          given.is_number_unsigned()
              ? given.get<std::uint64_t>() <= std::uint64_t(high) && given.get<std::int64_t>() >= low
              : given.is_number_integer() && given.get<std::int64_t>() >= low && given.get<std::int64_t>() <= high;
      expect(key, given, fits, cat("an integer from ", low, " to ", high));
      value = given.get<T>();
    });
  }

  void real(const char* key, Key, double& value, double low, double high) {
    with(key, [&](const Json& given) {
      const bool fits = given.is_number() && given.get<double>() >= low && given.get<double>() <= high;
      expect(key, given, fits, high < 1e300 ? cat("a number from ", low, " to ", high) : cat("a number >= ", low));
      value = given.get<double>();
    });
  }

  template <class T>
  void choice(const char* key, Key, T& value, const Choices<T>& choices) {
    with(key, [&](const Json& given) {
      std::string list;
      for (const auto& [word, meaning] : choices) {
        if (given == word) {
          value = meaning;
          return;
        }
        list += cat(list.empty() ? "" : ", ", '"', word, '"');
      }
      expect(key, given, false, "one of " + list);
    });
  }

  template <class Body>
  void section(const char* key, const Body& body) {
    ConfigReader inner(nullptr, source_, prefix_ + key + ".");
    with(key, [&](const Json& given) {
      expect(key, given, given.is_object(), "a section { ... }");
      inner.object_ = given;
    });
    body(inner);
    for (std::string& unknown : inner.leftover()) unknown_.push_back(std::move(unknown));
    for (std::string& known : inner.known_) known_.push_back(std::move(known));
  }

  /// Throws UsageError for the first key that nobody asked for.
  void finish() {
    const auto unknown = leftover();
    if (unknown.empty()) return;
    const std::string hint = suggestion(unknown.front());
    throw UsageError(cat(source_, ": ", unknown.front(), ": unknown key", hint.empty() ? "" : "; did you mean ", hint,
                         hint.empty() ? "" : "?"));
  }

 private:
  template <class Body>
  void with(const char* key, const Body& body) {
    known_.push_back(prefix_ + key);
    if (!object_.is_object() || !object_.contains(key)) return;
    body(object_[key]);
    object_.erase(key);
  }

  void expect(const char* key, const Json& given, bool ok, const std::string& rule) const {
    if (ok) return;
    std::string value = given.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (value.size() > 60) value = value.substr(0, 57) + "...";
    throw UsageError(cat(source_, ": ", prefix_, key, " is ", value, ", expected ", rule));
  }

  std::vector<std::string> leftover() const {
    std::vector<std::string> all = unknown_;
    if (object_.is_object())
      for (const auto& [key, value] : object_.items()) all.push_back(prefix_ + key);
    return all;
  }

  /// The nearest key, of those in the same section if one is near, also where the section was forgotten.
  std::string suggestion(const std::string& key) const {
    const auto section_of = [](const std::string& k) { return k.substr(0, k.rfind('.') + 1); };
    std::vector<std::string> siblings, last_parts;
    for (const std::string& known : known_) {
      if (section_of(known) == section_of(key)) siblings.push_back(known.substr(section_of(key).size()));
      last_parts.push_back(known.substr(known.rfind('.') + 1));
    }
    const std::string name = key.substr(section_of(key).size());
    if (const std::string near = nearest(name, siblings); !near.empty()) return section_of(key) + near;
    const std::string near = nearest(name, last_parts);
    for (const std::string& known : known_)
      if (!near.empty() && known.substr(known.rfind('.') + 1) == near) return known;
    return {};
  }

  Json object_;
  std::string source_, prefix_;
  std::vector<std::string> known_, unknown_;
};

/// Collects keys and values: all of them, or those that decide results.
class ConfigWriter {
 public:
  explicit ConfigWriter(bool results_only = false) : results_only_(results_only) {}

  void text(const char* key, Key is_for, const std::string& value) { put(key, is_for, value); }
  void names(const char* key, Key is_for, const std::vector<std::string>& value) { put(key, is_for, value); }
  void flag(const char* key, Key is_for, bool value) { put(key, is_for, value); }
  template <class T>
  void integer(const char* key, Key is_for, T value, std::int64_t, std::int64_t) {
    put(key, is_for, value);
  }
  void real(const char* key, Key is_for, double value, double, double) { put(key, is_for, value); }
  template <class T>
  void choice(const char* key, Key is_for, T value, const Choices<T>& choices) {
    for (const auto& [word, meaning] : choices)
      if (meaning == value) put(key, is_for, word);
  }
  template <class Body>
  void section(const char* key, const Body& body) {
    ConfigWriter inner(results_only_);
    body(inner);
    if (!inner.object.empty()) object[key] = std::move(inner.object);
  }

  Json object = Json::object();

 private:
  template <class T>
  void put(const char* key, Key is_for, const T& value) {
    if (!results_only_ || is_for == Key::result) object[key] = value;
  }

  bool results_only_;
};

}  // namespace halograph::train
