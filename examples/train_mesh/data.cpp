// SPDX-License-Identifier: BSD-3-Clause
// Writes what train.cpp reads: a box of spectral elements with the velocity and pressure of a Taylor-Green vortex at
// some times, as fields `input` and `target`: data FILE.
#include <halograph/halograph.hpp>
namespace hg = halograph;

int main(int argc, char** argv) {
  hg::Runtime run(argc, argv);
  hg::GraphSlab slab = hg::spectral_box({.elements = {4, 4, 4}, .order = 2}, run.comm().rank(), run.comm().size());
  hg::add_taylor_green(slab, std::vector<double>{0, 0.5, 1, 1.5, 2});
  for (hg::SlabField& field : slab.fields) field.name = field.name == "velocity" ? "input" : "target";
  hg::write_graph(run.comm(), run.arg(1), slab);
}
