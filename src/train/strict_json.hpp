// SPDX-License-Identifier: BSD-3-Clause
// JSON without second guesses: repeated keys are errors, syntax errors say where.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace halograph::train {

using Json = nlohmann::ordered_json;

/// The JSON object in `text`. Throws UsageError beginning with `source`.
Json parse_object(const std::string& text, const std::string& source);

/// Sets "a.b=value" in `object`; the value is JSON, or a word where it is none. Throws UsageError.
void apply_override(Json& object, const std::string& assignment);

/// The known word with the fewest changed letters; empty if none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace halograph::train
