// SPDX-License-Identifier: BSD-3-Clause
#include "tool/console.hpp"

#include <array>

#include <halograph/core/device.hpp>

namespace halograph::tool {
std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit) bytes /= 1024;
  return format(unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
}

std::string check_device_name(const std::string& word) {
  try {
    Device::parse(word);
    return {};
  } catch (const UsageError& error) {
    return error.what();
  }
}

}  // namespace halograph::tool
