// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/device.hpp>

#include <cstdlib>
#include <optional>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

std::optional<Device>& chosen() {
  static std::optional<Device> device;
  return device;
}

}  // namespace

Device Device::parse(std::string_view word) {
  if (word == "host") return host();
  if (word == "guarded") return guarded();
  throw UsageError(cat("device '", word, "' is not one of host, guarded"));
}

Device Device::preferred() {
  if (!chosen()) {
    const char* wish = std::getenv("HALOGRAPH_DEVICE");
    chosen() = wish && *wish ? parse(wish) : host();
  }
  return *chosen();
}

void Device::set_preferred(Device device) { chosen() = device; }

std::string_view Device::name() const { return kind_ == Kind::host ? "host" : "guarded"; }

}  // namespace halograph
