// SPDX-License-Identifier: BSD-3-Clause
#include <memory>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/graph/costs/quality.hpp>
#include <halograph/io/graph_file.hpp>
#include <halograph/io/mesh.hpp>
#include <halograph/train/graph_input.hpp>

#include "io/file_kind.hpp"
#include "io/writable.hpp"
#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "tool/facts.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct Options {
  std::string input, output, method = "metis";
  std::vector<std::string> fields;
  std::int64_t patches = 0;
  bool join_periodic = false;
};

/// A graph file may be cut in place. A mesh and its solutions are not in what is written, so they stay.
void require_sources_stay(const Options& options) {
  std::vector<std::string> sources = options.fields;
  if (io::kind_of(options.input) != io::FileKind::hdf5) sources.push_back(options.input);
  for (const std::string& source : sources)
    require(!train::same_file(options.output, source), options.output,
            ": the graph would replace what it is made from");
}

int run(const Communicator& comm, const Options& options) {
  on_all_ranks(comm, [&] { require_sources_stay(options); });
  io::require_writable(comm, options.output, "graph");
  GraphSlab slab = io::read_mesh(comm, options.input, {options.fields, {}, true, options.join_periodic});
  const auto method = options.method == "metis" ? train::PartitionMethod::metis : train::PartitionMethod::coordinates;
  train::partition_input(comm, slab, {method, options.patches}, options.input);
  constexpr int example_ranks = 2;
  // Before the file is written: this also finds edges that end nowhere.
  const PartitionQuality quality =
      train::naming(options.input, [&] { return partition_quality(comm, slab, slab.patch, example_ranks); });
  print_facts(comm, slab, options.input);
  write_graph(comm, options.output, slab);
  log(comm, options.output, ": ", quality.nodes, " nodes, ", quality.edges, " edges in ", quality.patches,
      " patches of ", quality.min_patch, " to ", quality.max_patch, " nodes; on ", example_ranks, " ranks ",
      quality.cut_edges, " edges are cut");
  return 0;
}

}  // namespace

void add_partition(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("partition", "Cut a graph or a mesh into patches");
  const auto options = std::make_shared<Options>();
  command->add_option("input", options->input, "Graph file (.h5) or mesh (.su2, .msh)")->required();
  command->add_option("--output", options->output, "Graph file to write")->required();
  command->add_option("--patches", options->patches, "Number of patches; 0: from the size")
      ->check(CLI::Range(std::int64_t(0), std::int64_t(1) << 30))
      ->capture_default_str();
  command->add_option("--method", options->method, "metis or coordinates")
      ->check(CLI::IsMember({"metis", "coordinates"}))
      ->capture_default_str();
  command->add_option("--fields", options->fields, "Solutions of an .su2 mesh (.csv), one file a frame")
      ->delimiter(',');
  command->add_flag("--join-periodic", options->join_periodic, "Join the sides that a Gmsh mesh declares periodic");
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
