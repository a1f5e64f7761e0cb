// SPDX-License-Identifier: BSD-3-Clause
// Chooses the kernels of a device. On the host, the instruction set is chosen once, by what the
// processor has; the environment's HALOGRAPH_ISA can ask for less.
#include <cstdlib>
#include <string>

#include <halograph/core/error.hpp>
#include <kernels/host/candidates.hpp>
#include <kernels/kernels.hpp>

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

Table make_table(Device device) {
  Table table;
  host_kernels().fill(table);
  table.for_each([&](auto& entry) { entry.set_device(device); });
  return table;
}

}  // namespace

const Table& table(Device device) {
  static const Table host = make_table(Device::host());
  static const Table guarded = make_table(Device::guarded());
  return device.kind() == Device::Kind::guarded ? guarded : host;
}

const SearchTable& search_table() {
  static const SearchTable table = [] {
    SearchTable filled;
    host_kernels().fill_search(filled);
    return filled;
  }();
  return table;
}

}  // namespace halograph::kernels

namespace halograph {

std::string_view instruction_set() { return kernels::host_kernels().name; }

}  // namespace halograph
