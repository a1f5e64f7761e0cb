// SPDX-License-Identifier: BSD-3-Clause
// What the subcommands print, on rank 0 only, and how they check words of the command line.
#pragma once

#include <cstdio>
#include <string>

#include <halograph/core/error.hpp>
#include <halograph/mpi/log.hpp>

namespace halograph::tool {

/// snprintf into a string, for numbers in columns.
template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

/// 1536 -> "1.50 KiB".
std::string bytes_text(double bytes);

/// Why there is no device of this name in this build; empty if there is. A validator of CLI11.
std::string check_device_name(const std::string& word);

}  // namespace halograph::tool
