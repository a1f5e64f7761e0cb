// SPDX-License-Identifier: BSD-3-Clause
#include <fstream>

#include <nlohmann/json.hpp>

#include <halograph/core/precision.hpp>

#include "tests/benchmarks/problem.hpp"
#include "tests/benchmarks/report.hpp"

namespace halograph::bench {
namespace {

using Json = nlohmann::ordered_json;

Json json_of(const Machine& m) {
  const bool device = has_own_kernels(m.device);
  Json json{{"device", m.device.name()},
            {"description", m.description},
            {"instruction_set", m.instruction_set},
            {"ranks", m.ranks},
            {"threads", m.threads},
            {"fma_f32", m.fma_f32},
            {"fma_f64", m.fma_f64},
            {"triad_array_bytes", m.array_bytes},
            {"triad", m.triad},
            {"triad_counts", device ? "the better of a copy and a sum of two arrays: what is read and written"
                                    : "write allocation: four words an element"}};
  if (!device)
    json.update({{"fma_f32_core", m.fma_f32_core}, {"fma_f64_core", m.fma_f64_core}, {"triad_core", m.triad_core}});
  for (const PingPong& p : m.ping_pong)
    json["ping_pong"].push_back(
        {{"bytes", p.bytes}, {"latency_seconds", p.latency_seconds}, {"bytes_per_second", p.bytes_per_second}});
  return json;
}

Json json_of(const KernelResult& k) {
  Json json{{"name", k.name},
            {"shape", k.shape},
            {"rows", k.rows},
            {"seconds", k.seconds},
            {"cpu_seconds", k.cpu_seconds},
            {"bytes", k.bytes},
            {"bytes_per_second", k.bytes / k.seconds},
            {"bound", k.bound.name()},
            {"bound_share", k.bound.seconds() / k.seconds}};
  if (k.flops == 0) return json;
  json["flops"] = k.flops;
  json["flops_per_second"] = k.flops / k.seconds;
  json["fma_share"] = k.bound.arithmetic_seconds / k.seconds;
  return json;
}

Json json_of(const CaseResult& c, const Machine& machine, const ModeResult& mode) {
  Json json{{"seconds", mode.seconds},
            {"cpu_seconds", mode.cpu_seconds},
            {"seconds_samples", mode.samples.wall},
            {"cpu_seconds_samples", mode.samples.cpu},
            {"nodes_per_second", c.nodes / mode.seconds},
            {"flops", mode.needs.flops},
            {"flops_per_second", mode.needs.flops / mode.seconds},
            {"fma_share", mode.bound.arithmetic_seconds / mode.seconds},
            {"bytes", mode.needs.bytes},
            {"bound", mode.bound.name()},
            {"bound_share", mode.bound.seconds() / mode.seconds},
            {"memory_per_node", mode.memory_per_node},
            {"exchanges", mode.exchanges},
            {"messages", mode.messages},
            {"exchange_bytes", mode.exchange_bytes},
            {"wait_share", mode.wait_share},
            {"system_allocations", mode.system_allocations}};
  if (machine.cores() == 1 && !has_own_kernels(machine.device))
    json["by_cpu_time"] = {{"nodes_per_second", c.nodes / mode.cpu_seconds},
                           {"fma_share", mode.bound.arithmetic_seconds / mode.cpu_seconds},
                           {"bound_share", mode.bound.seconds() / mode.cpu_seconds}};
  return json;
}

Json json_of(const CaseResult& c, const Machine& machine) {
  Json json{{"name", c.name},
            {"hidden", c.net.hidden},
            {"mlp_hidden_layers", c.net.mlp_hidden_layers},
            {"steps", c.net.steps},
            {"node_in", c.net.node_in},
            {"edge_in", c.net.edge_in},
            {"node_out", c.net.node_out},
            {"checkpoint", c.net.checkpoint},
            {"elements", c.elements},
            {"order", box_order},
            {"nodes", c.nodes},
            {"edges", c.edges},
            {"parameters", c.parameters},
            {"setup_seconds", c.setup_seconds},
            {"loss", c.loss}};
  if (c.resident_per_node) json["resident_per_node"] = *c.resident_per_node;
  json["training"] = json_of(c, machine, c.training);
  json["inference"] = json_of(c, machine, c.inference);
  return json;
}

Json json_of(const LayerResult& layer, const LayerResult::Mode& mode) {
  return {{"seconds", mode.seconds},
          {"cpu_seconds", mode.cpu_seconds},
          {"nodes_per_second", layer.nodes / mode.seconds},
          {"flops", mode.flops},
          {"bytes", mode.bytes},
          {"fma_share", mode.bound.arithmetic_seconds / mode.seconds},
          {"bound", mode.bound.name()},
          {"bound_share", mode.bound.seconds() / mode.seconds},
          {"memory_per_node", mode.memory_per_node},
          {"denormals", mode.denormals},
          {"over_flushed", mode.cpu_seconds / mode.flushed_cpu_seconds}};
}

Json json_of(const LayerResult& layer) {
  Json json{{"name", layer.name},
            {"shape", layer.shape},
            {"nodes", layer.nodes},
            {"edges", layer.edges},
            {"channels", layer_channels},
            {"edge_channels", layer_edge_channels},
            {"neighbours", layer_neighbours},
            {"forward", json_of(layer, layer.forward)}};
  if (layer.differentiable) json["training"] = json_of(layer, layer.training);
  return json;
}

}  // namespace

void write_json(const std::string& path, const Report& report) {
  Json json{{"dtype", name_of(report.options.dtype)},
            {"products", name_of(product_mode())},
            {"samples", report.options.samples},
            {"machine", json_of(report.machine)}};
  for (const KernelResult& kernel : report.kernels) json["kernels"].push_back(json_of(kernel));
  for (const CaseResult& one : report.cases) json["cases"].push_back(json_of(one, report.machine));
  for (const LayerResult& layer : report.layers) json["layers"].push_back(json_of(layer));
  std::ofstream file(path);
  file << json.dump(2) << '\n';
  file.close();
  require<FileError>(!file.fail(), "cannot write '", path, "'");
}

}  // namespace halograph::bench
