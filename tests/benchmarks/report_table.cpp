// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>

#include <halograph/core/error.hpp>
#include <halograph/mpi/log.hpp>

#include "tests/benchmarks/report.hpp"

namespace halograph::bench {
namespace {

template <class... Values>
std::string format(const char* pattern, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

void print_device(const Communicator& comm, const Machine& m) {
  log(comm, cat("device: ", m.description, ", ", m.ranks, " ranks"));
  log(comm, format("  fma       %9.1f GFLOP/s f32   %9.1f f64", 1e-9 * m.fma_f32, 1e-9 * m.fma_f64));
  log(comm, format("  memory    %9.1f GB/s of reads and writes, arrays of %.0f MiB", 1e-9 * m.triad,
                   double(m.array_bytes) / (1 << 20)));
}

void print_cores(const Communicator& comm, const Machine& m) {
  log(comm, format("machine: %s, %d ranks x %d threads", m.instruction_set.c_str(), m.ranks, m.threads));
  log(comm,
      format("  fma f32   %9.1f GFLOP/s one core   %9.1f all cores in use", 1e-9 * m.fma_f32_core, 1e-9 * m.fma_f32));
  log(comm,
      format("  fma f64   %9.1f GFLOP/s one core   %9.1f all cores in use", 1e-9 * m.fma_f64_core, 1e-9 * m.fma_f64));
  log(comm, format("  triad     %9.1f GB/s one core      %9.1f all cores in use", 1e-9 * m.triad_core, 1e-9 * m.triad));
  log(comm,
      format("            arrays of %.0f MiB, ordinary stores, write allocation counted; as STREAM counts: %.1f, %.1f",
             double(m.array_bytes) / (1 << 20), 0.75e-9 * m.triad_core, 0.75e-9 * m.triad));
}

void print(const Communicator& comm, const Machine& m) {
  if (has_own_kernels(m.device)) print_device(comm, m);
  else print_cores(comm, m);
  for (const PingPong& p : m.ping_pong)
    log(comm, format("  message   %9lld bytes   %9.2f us one way   %7.2f GB/s", static_cast<long long>(p.bytes),
                     1e6 * p.latency_seconds, 1e-9 * p.bytes_per_second));
}

void print(const Communicator& comm, const KernelResult& k) {
  const std::string gflops = k.flops > 0 ? format("%.1f", 1e-9 * k.flops / k.seconds) : "-";
  const std::string share = k.flops > 0 ? format("%.1f", 100 * k.bound.arithmetic_seconds / k.seconds) : "-";
  log(comm, format("%-20s %-8s %9.0f %10.3f %10s %7s %9.1f %8.1f %s", k.name.c_str(), k.shape.c_str(), k.rows,
                   1e3 * k.seconds, gflops.c_str(), share.c_str(), 1e-9 * k.bytes / k.seconds,
                   100 * k.bound.seconds() / k.seconds, k.bound.name()));
}

void print(const Communicator& comm, const CaseResult& c, const char* name, const ModeResult& mode) {
  log(comm, format("%-6s %-9s %10.2f %10.2f %10.0f %8.1f %6.1f %9.0f %6.1f %-6s %9.0f %5.0f %6.0f %9.0f %6.2f %6.0f",
                   c.name.c_str(), name, 1e3 * mode.seconds, 1e3 * mode.cpu_seconds, 1e-3 * c.nodes / mode.seconds,
                   1e-9 * mode.needs.flops / mode.seconds, 100 * mode.bound.arithmetic_seconds / mode.seconds,
                   mode.needs.bytes / c.nodes, 100 * mode.bound.seconds() / mode.seconds, mode.bound.name(),
                   mode.memory_per_node, mode.exchanges, mode.messages, 1e-3 * mode.exchange_bytes,
                   100 * mode.wait_share, mode.system_allocations));
}

void print(const Communicator& comm, const LayerResult& layer, const char* name, const LayerResult::Mode& mode) {
  log(comm,
      format("%-22s %-14s %-9s %10.2f %10.2f %10.0f %8.1f %6.1f %9.0f %6.1f %-6s %9.0f %8.2f %s", layer.name.c_str(),
             layer.shape.c_str(), name, 1e3 * mode.seconds, 1e3 * mode.cpu_seconds, 1e-3 * layer.nodes / mode.seconds,
             1e-9 * mode.flops / mode.seconds, 100 * mode.bound.arithmetic_seconds / mode.seconds,
             mode.bytes / layer.nodes, 100 * mode.bound.seconds() / mode.seconds, mode.bound.name(),
             mode.memory_per_node, mode.cpu_seconds / mode.flushed_cpu_seconds, mode.denormals.c_str()));
}

void print(const Communicator& comm, const std::vector<LayerResult>& layers) {
  if (layers.empty()) return;
  log(comm,
      format("\n%-22s %-14s %-9s %10s %10s %10s %8s %6s %9s %6s %-6s %9s %8s %s", "layer", "shape", "", "ms", "cpu ms",
             "knodes/s", "GFLOP/s", "% fma", "need B/n", "% bnd", "which", "mem B/n", "/flushed", "denormals"));
  for (const LayerResult& layer : layers) {
    print(comm, layer, "forward", layer.forward);
    if (layer.differentiable) print(comm, layer, "training", layer.training);
  }
  log(comm, format("on %.0f points with %.0f edges", layers.front().nodes, layers.front().edges));
}

}  // namespace

void print(const Communicator& comm, const Report& report) {
  print(comm, report.machine);
  if (!report.kernels.empty()) {
    log(comm, format("\n%-20s %-8s %9s %10s %10s %7s %9s %8s %s", "kernel", "shape", "rows", "ms", "GFLOP/s", "% fma",
                     "GB/s", "% bound", "which"));
    for (const KernelResult& kernel : report.kernels) print(comm, kernel);
    log(comm, "Operands that stay in cache beat the memory bound.");
  }
  print(comm, report.layers);
  if (report.cases.empty()) return;
  log(comm, format("\n%-6s %-9s %10s %10s %10s %8s %6s %9s %6s %-6s %9s %5s %6s %9s %6s %6s", "case", "", "ms",
                   "cpu ms", "knodes/s", "GFLOP/s", "% fma", "need B/n", "% bnd", "which", "mem B/n", "exch", "msgs",
                   "kB sent", "% wait", "allocs"));
  for (const CaseResult& one : report.cases) {
    print(comm, one, "training", one.training);
    print(comm, one, "inference", one.inference);
  }
  for (const CaseResult& c : report.cases)
    log(comm, format("%s: %.0f nodes, %.0f edges, %.0f parameters, set up in %.2f s, last loss %.6g", c.name.c_str(),
                     c.nodes, c.edges, c.parameters, c.setup_seconds, c.loss));
}

}  // namespace halograph::bench
