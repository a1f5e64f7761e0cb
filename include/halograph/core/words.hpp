// SPDX-License-Identifier: BSD-3-Clause
// Names the values of an enum: one table of words is all that reading, writing and refusing a choice need.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <halograph/core/error.hpp>

namespace halograph {

/// Several words may stand for one value; the first of them is its name.
template <class Enum, std::size_t n>
using Words = std::array<std::pair<std::string_view, Enum>, n>;

/// Returns the value of `word`. Throws UsageError, which names the choice, the word and all known words.
template <class Enum, std::size_t n>
Enum parse_word(const Words<Enum, n>& words, std::string_view choice, std::string_view word) {
  std::string known;
  for (const auto& [name, value] : words) {
    if (name == word) return value;
    known.append(known.empty() ? "" : ", ").append(name);
  }
  throw UsageError(cat(choice, " '", word, "' is not one of ", known));
}

/// Returns the name of `value`, which must be in the table.
template <class Enum, std::size_t n>
constexpr std::string_view word_of(const Words<Enum, n>& words, Enum value) {
  for (const auto& [name, known] : words)
    if (known == value) return name;
  return {};
}

}  // namespace halograph
