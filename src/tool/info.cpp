// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <halograph/graph/costs/quality.hpp>
#include <halograph/io/mesh.hpp>
#include <halograph/train/graph_input.hpp>

#include "tool/commands.hpp"
#include "tool/console.hpp"
#include "tool/facts.hpp"
#include "tool/memory_model.hpp"
#include "train/naming.hpp"

namespace halograph::tool {
namespace {

struct InfoOptions {
  std::string file;
  std::vector<std::string> fields;
  int ranks = 0;
  bool join_periodic = false;
};

/// Of one channel of a field over all nodes and frames. For reading, not for computing: the last digits of mean and
/// deviation may depend on the number of ranks.
struct Summary {
  double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0, square = 0;
  std::int64_t count = 0;
};

Summary summarise(const Communicator& comm, const SlabField& field, std::int64_t channel) {
  Summary mine;
  for (std::size_t i = std::size_t(channel); i < field.values.size(); i += std::size_t(field.channels)) {
    const double value = field.values[i];
    mine.low = std::min(mine.low, value);
    mine.high = std::max(mine.high, value);
    mine.sum += value;
    mine.square += value * value;
    ++mine.count;
  }
  Summary all;
  for (const Summary& one : comm.all_gather(mine)) {
    all.low = std::min(all.low, one.low);
    all.high = std::max(all.high, one.high);
    all.sum += one.sum;
    all.square += one.square;
    all.count += one.count;
  }
  return all;
}

void print_fields(const Communicator& comm, const GraphSlab& slab) {
  if (slab.fields.empty()) return;
  log(comm, format("%-24s %7s %14s %14s %14s %14s", "field", "frames", "min", "max", "mean", "deviation"));
  for (const SlabField& field : slab.fields)
    for (std::int64_t c = 0; c < field.channels; ++c) {
      const Summary s = summarise(comm, field, c);
      const double n = double(std::max<std::int64_t>(1, s.count)), mean = s.sum / n;
      const std::string name = field.channels == 1 ? field.name : cat(field.name, ".", c);
      log(comm, format("%-24s %7lld %14.6e %14.6e %14.6e %14.6e", name.c_str(), static_cast<long long>(field.frames),
                       s.low, s.high, mean, std::sqrt(std::max(0.0, s.square / n - mean * mean))));
    }
}

void print_patches(const Communicator& comm, const GraphSlab& slab, int ranks) {
  const PartitionQuality q = partition_quality(comm, slab, slab.patch, std::max(1, ranks));
  log(comm, "patches: ", q.patches, " of ", q.min_patch, " to ", q.max_patch, " nodes, ", q.empty_patches, " empty");
  if (ranks == 0) return;
  log(comm, "on ", ranks, ranks == 1 ? " rank:" : " ranks:");
  if (q.idle_ranks > 0) log(comm, "  idle ranks          ", q.idle_ranks);
  log(comm, "  edges cut           ", q.cut_edges,
      format(" (%.2f %%)", q.edges > 0 ? 100.0 * double(q.cut_edges) / double(q.edges) : 0.0));
  log(comm, "  halo rows           ", q.halo_rows, ", at most ", q.max_halo_rows, " on a rank");
  log(comm, "  neighbours          ", format("%.2f", q.mean_neighbours), " on average, at most ", q.max_neighbours);
  log(comm, "  imbalance           ", format("%.4f", q.imbalance));
  for (const NetworkSize& net : example_networks())
    log(comm, "  ", format("%-20s", net.name), bytes_text(double(q.bytes_per_exchange(net.hidden, DType::f32))),
        " an exchange, about ", bytes_text(training_bytes(net, q)), " on the largest rank in training (f32)");
}

int run(const Communicator& comm, const InfoOptions& options) {
  GraphSlab slab = io::read_mesh(comm, options.file, {options.fields, {}, true, options.join_periodic});
  log(comm, options.file, ": ", comm.max(slab.dimension), "-dimensional, ", comm.sum(std::int64_t(slab.node_id.size())),
      " nodes, ", comm.sum(std::int64_t(slab.edge_id.size())), " edges, ",
      comm.sum(std::int64_t(slab.cell_type.size())), " cells");
  std::string periods;
  for (int k = 0; k < slab.dimension; ++k)
    periods += (k > 0 ? ", " : "") +
               (slab.period[std::size_t(k)] > 0 ? format("%.6g", slab.period[std::size_t(k)]) : std::string("none"));
  log(comm, "period: ", periods.empty() ? "none" : periods, "; features of edges: ",
      comm.max(slab.edge_channels) > 0 ? cat(comm.max(slab.edge_channels))
      : comm.max(slab.dimension) > 0   ? "from positions"
                                       : "none, nor positions to make them from: training needs one of them");
  print_facts(comm, slab, options.file);
  print_fields(comm, slab);
  const bool has_patches = comm.max(slab.n_patches) > 0;
  if (!has_patches) log(comm, "patches: none", options.ranks > 0 ? "; as METIS would make them:" : "");
  if (!has_patches && options.ranks == 0) return 0;
  if (!has_patches) train::partition_input(comm, slab, {}, options.file);
  train::naming(options.file, [&] { print_patches(comm, slab, options.ranks); });
  return 0;
}

}  // namespace

void add_info(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("info", "Sizes, fields and patches of a graph, and what it costs on R ranks");
  const auto options = std::make_shared<InfoOptions>();
  command->add_option("file", options->file, "Graph file (.h5) or mesh (.su2, .msh)")->required();
  command->add_option("--ranks", options->ranks, "Predict for this many ranks")->check(CLI::Range(1, 1 << 24));
  command->add_option("--fields", options->fields, "Solutions of an .su2 mesh (.csv), one file a frame")
      ->delimiter(',');
  command->add_flag("--join-periodic", options->join_periodic, "Join the sides that a Gmsh mesh declares periodic");
  command->callback(
      [options, &action] { action = [options](const Communicator& comm) { return run(comm, *options); }; });
}

}  // namespace halograph::tool
