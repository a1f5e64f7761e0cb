// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/device.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include <halograph/core/error.hpp>
#include <kernels/runtime.hpp>

#include "core/emulation.hpp"

namespace halograph {

#ifdef HALOGRAPH_HAS_CUDA
namespace kernels::cuda {
const DeviceRuntime& runtime();
}
#endif
#ifdef HALOGRAPH_HAS_HIP
namespace kernels::hip {
const DeviceRuntime& runtime();
}
#endif

namespace {

using Kind = Device::Kind;

constexpr std::array<std::pair<Kind, const char*>, 5> names{{{Kind::host, "host"},
                                                             {Kind::guarded, "guarded"},
                                                             {Kind::emulated, "emulated"},
                                                             {Kind::cuda, "cuda"},
                                                             {Kind::hip, "hip"}}};
constexpr std::array<Device, 5> all{Device::host(), Device::guarded(), Device::emulated(), Device::cuda(),
                                    Device::hip()};

bool is_host(Device device) { return device.kind() == Kind::host || device.kind() == Kind::guarded; }
bool built_in(Device device) { return is_host(device) || kernels::runtime_of(device); }

/// What the environment's HALOGRAPH_DEVICE asks for.
Device wished() {
  const char* wish = std::getenv("HALOGRAPH_DEVICE");
  if (!wish || !*wish) return Device::host();
  try {
    return Device::find(wish);
  } catch (const UsageError& error) {
    throw Error(cat("HALOGRAPH_DEVICE: ", error.what()));
  }
}

std::optional<Device>& chosen() {
  static std::optional<Device> device;
  return device;
}

int local_rank = -1;

}  // namespace

namespace kernels {

const DeviceRuntime* runtime_of(Device device) {
  switch (device.kind()) {
#ifdef HALOGRAPH_HAS_EMULATED
    case Kind::emulated: return &emulated_runtime();
#endif
#ifdef HALOGRAPH_HAS_CUDA
    case Kind::cuda: return &cuda::runtime();
#endif
#ifdef HALOGRAPH_HAS_HIP
    case Kind::hip: return &hip::runtime();
#endif
    default: return nullptr;
  }
}

const DeviceRuntime& open_runtime(Device device) {
  static std::array<bool, all.size()> open{};
  const DeviceRuntime* runtime = runtime_of(device);
  require<DeviceError>(runtime, "device '", device.name(), "': this library was built without it");
  bool& mine = open[std::size_t(device.kind())];
  if (mine) return *runtime;
  std::string why;
  const int count = runtime->count(&why);
  require<DeviceError>(count > 0, "device '", device.name(), "': ", why);
  runtime->open(local_rank < 0 ? -1 : local_rank % count);
  mine = true;
  return *runtime;
}

}  // namespace kernels

Device Device::parse(std::string_view word) {
  std::string known;
  for (const Device device : all) {
    if (!built_in(device)) continue;
    if (word == device.name()) return device;
    known += cat(known.empty() ? "" : ", ", device.name());
  }
  throw UsageError(cat("device '", word, "' is not one of those that this library was built with: ", known));
}

Device Device::find(std::string_view word) {
  const Device device = parse(word);
  std::string why;
  if (available(device, &why)) return device;
  if (local_rank <= 0)
    std::fprintf(stderr, "halograph: no device '%s' here (%s), running on the host\n", std::string(word).c_str(),
                 why.c_str());
  return host();
}

Device Device::preferred() {
  if (!chosen()) chosen() = wished();
  return *chosen();
}

void Device::set_preferred(Device device) { chosen() = device; }

std::string_view Device::name() const {
  for (const auto& [kind, name] : names)
    if (kind == kind_) return name;
  return "";
}

std::span<const Device> all_devices() { return all; }

bool available(Device device, std::string* why) {
  if (is_host(device)) return true;
  const kernels::DeviceRuntime* runtime = kernels::runtime_of(device);
  std::string reason = "this library was built without it";
  const bool there = runtime && runtime->count(&reason) > 0;
  if (!there && why) *why = reason;
  return there;
}

void set_local_rank(int rank) { local_rank = rank; }

std::string describe(Device device) {
  if (is_host(device)) return cat(device.name(), ": ", instruction_set());
  return kernels::open_runtime(device).describe();
}

void synchronize(Device device) {
  if (!is_host(device)) kernels::open_runtime(device).synchronize();
}

}  // namespace halograph
