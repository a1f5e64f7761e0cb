// SPDX-License-Identifier: BSD-3-Clause
#include "train/strict_json.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include <halograph/core/error.hpp>

namespace halograph::train {
namespace {

constexpr int deepest = 32;

/// Watches the parser go by and remembers the keys of every object that is open.
class RepeatedKeys {
 public:
  explicit RepeatedKeys(const std::string& source) : source_(source) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& value) {
    require(depth < deepest, source_, ": nested deeper than ", deepest, " levels");
    if (event == Json::parse_event_t::object_start) open_.push_back({});
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key) {
      const std::string& key = value.get_ref<const std::string&>();
      require(open_.back().insert(key).second, source_, ": the key '", key, "' appears twice in one object");
    }
    return true;
  }

 private:
  const std::string& source_;
  std::vector<std::set<std::string>> open_;
};

std::string place(const std::string& text, std::size_t byte) {
  const std::string before = text.substr(0, byte > 0 ? byte - 1 : 0);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.find_last_of('\n');
  return cat("line ", line, ", column ", before.size() - (start == std::string::npos ? 0 : start + 1) + 1);
}

std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t(0));
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

Json parse_object(const std::string& text, const std::string& source) {
  Json object;
  try {
    object = Json::parse(text, RepeatedKeys(source));
  } catch (const Json::parse_error& error) {
    throw UsageError(cat(source, ": not valid JSON at ", place(text, error.byte)));
  } catch (const Json::exception& error) {
    throw UsageError(cat(source, ": not valid JSON: ", error.what()));
  }
  require(object.is_object(), source, ": expected a JSON object { ... }, found ", object.type_name());
  return object;
}

void apply_override(Json& object, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  require(equals != std::string::npos && equals > 0, "--set ", assignment, ": expected key=value");
  const std::string value = assignment.substr(equals + 1);
  Json parsed = Json::parse(value, nullptr, false);
  if (parsed.is_discarded()) parsed = value;
  Json* at = &object;
  std::string path = assignment.substr(0, equals);
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.')) {
    at = &(*at)[path.substr(0, dot)];
    require(at->is_null() || at->is_object(), "--set ", assignment, ": '", path.substr(0, dot), "' is not a section");
    path = path.substr(dot + 1);
  }
  (*at)[path] = std::move(parsed);
}

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string& candidate : known)
    if (const std::size_t d = distance(word, candidate); d < least) {
      least = d;
      best = candidate;
    }
  return best;
}

}  // namespace halograph::train
