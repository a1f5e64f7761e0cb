// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <memory>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/box.hpp>
#include <halograph/io/graph_file.hpp>

#include "io/writable.hpp"
#include "tool/commands.hpp"
#include "tool/console.hpp"

namespace halograph::tool {
namespace {

struct Options {
  std::vector<std::int64_t> elements{8};
  int order = 3;
  std::vector<double> times{0};
  double viscosity = 0.05;
  bool walls = false;
  bool cells = true;
  std::string output;
};

int generate(const Communicator& comm, const Options& options) {
  require(options.elements.size() == 1 || options.elements.size() == 3, "--elements: ", options.elements.size(),
          " numbers, expected one or three");
  BoxOptions box;
  for (std::size_t k = 0; k < 3; ++k) box.elements[k] = options.elements[options.elements.size() == 1 ? 0 : k];
  box.order = options.order;
  box.periodic.fill(!options.walls);
  io::require_writable(comm, options.output, "graph");
  GraphSlab slab;
  on_all_ranks(comm, [&] {
    slab = spectral_box(box, comm.rank(), comm.size());
    add_taylor_green(slab, options.times, options.viscosity);
    if (options.cells) add_cells(box, slab);
  });
  write_graph(comm, options.output, slab);
  log(comm, options.output, ": ", comm.sum(std::int64_t(slab.node_id.size())), " nodes, ",
      comm.sum(std::int64_t(slab.edge_id.size())), " edges, ", options.times.size(),
      options.times.size() == 1 ? " frame" : " frames");
  return 0;
}

}  // namespace

void add_generate(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("generate", "Make a graph file");
  command->require_subcommand(0, 1);
  auto* flow = command->add_subcommand("taylor-green", "Taylor-Green vortex in a box of spectral elements");
  const auto options = std::make_shared<Options>();
  flow->add_option("--elements", options->elements, "Elements along each axis: n or nx,ny,nz")
      ->delimiter(',')
      ->capture_default_str();
  flow->add_option("--order", options->order, "Polynomial order")->capture_default_str();
  flow->add_option("--times", options->times, "Times of the frames: t0,t1,...")->delimiter(',')->capture_default_str();
  flow->add_option("--viscosity", options->viscosity, "Kinematic viscosity")->capture_default_str();
  flow->add_flag("--walls", options->walls, "Not periodic");
  flow->add_flag("!--no-cells", options->cells, "Leave out the cells that only viewers need");
  flow->add_option("--output", options->output, "Graph file to write")->required();
  flow->callback(
      [options, &action] { action = [options](const Communicator& comm) { return generate(comm, *options); }; });
}

}  // namespace halograph::tool
