// SPDX-License-Identifier: BSD-3-Clause
// Chooses the kernels of a device: those of its back end, or of the host. There, the instruction set is chosen once, by
// what the processor has; the environment's HALOGRAPH_ISA can ask for less.
#include <array>
#include <cstdlib>
#include <optional>
#include <string>

#include <halograph/core/error.hpp>
#include <kernels/host/candidates.hpp>
#include <kernels/kernels.hpp>
#include <kernels/runtime.hpp>

namespace halograph::kernels {

void missing_kernel(const char* kernel, Device device) {
  throw NotImplemented(cat("kernel '", kernel, "' is not available on device '", device.name(), "'"));
}

namespace {

const HostKernels& host_kernels() {
  static const HostKernels choice = [] {
    const char* wish = std::getenv("HALOGRAPH_ISA");
    const std::string wanted = wish ? wish : "";
    HostKernels best{};
    std::string known;
    for (const HostKernels& candidate : host_candidates()) {
      if (!candidate.runs_here) continue;
      known += cat(known.empty() ? "" : ", ", candidate.name);
      if (wanted.empty() || wanted == candidate.name) best = candidate;
    }
    require<DeviceError>(best.fill, "HALOGRAPH_ISA='", wanted, "' is not one of what this processor has: ", known);
    return best;
  }();
  return choice;
}

bool is_host(Device device) { return device == Device::host() || device == Device::guarded(); }

Table make_table(Device device) {
  Table table;
  if (is_host(device)) host_kernels().fill(table);
  else open_runtime(device).fill_table(table);
  table.for_each([&](auto& entry) { entry.set_device(device); });
  return table;
}

SearchTable make_search_table(Device device) {
  SearchTable table;
  if (is_host(device)) host_kernels().fill_search(table);
  else open_runtime(device).fill_search(table);
  table.nearest.set_device(device);
  table.within.set_device(device);
  return table;
}

/// Tables by device, made when they are first asked for.
template <class Kernels>
const Kernels& made(Device device, Kernels (*make)(Device)) {
  static std::array<std::optional<Kernels>, 5> tables;
  std::optional<Kernels>& mine = tables[std::size_t(device.kind())];
  if (!mine) mine = make(device);
  return *mine;
}

}  // namespace

const Table& table(Device device) { return made(device, make_table); }
const SearchTable& search_table(Device device) { return made(device, make_search_table); }

}  // namespace halograph::kernels

namespace halograph {

std::string_view instruction_set() { return kernels::host_kernels().name; }

}  // namespace halograph
