// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include <halograph/core/error.hpp>
#include <halograph/graph/mesh/box.hpp>

namespace halograph {

void add_taylor_green(GraphSlab& slab, std::span<const double> times, double viscosity) {
  require(slab.dimension == 3, "Taylor-Green vortex on positions of dimension ", slab.dimension, ": expected 3");
  require(!times.empty(), "Taylor-Green vortex at no times: expected at least one");
  require(std::isfinite(viscosity) && viscosity >= 0, "viscosity ", viscosity, ": expected a finite number >= 0");
  for (double t : times) require(std::isfinite(t), "Taylor-Green vortex at time ", t, ": expected a finite number");
  require((slab.times.empty() && slab.fields.empty()) || std::ranges::equal(slab.times, times),
          "Taylor-Green vortex at times other than those of the fields that the graph has");
  for (const SlabField& field : slab.fields)
    require(field.name != "velocity" && field.name != "pressure", "the graph already has a field ", field.name);

  const std::size_t n = slab.node_id.size(), frames = times.size();
  SlabField velocity{"velocity", 3, std::int64_t(frames), std::vector<double>(frames * n * 3)};
  SlabField pressure{"pressure", 1, std::int64_t(frames), std::vector<double>(frames * n)};
  for (std::size_t f = 0; f < frames; ++f) {
    const double decay = std::exp(-3 * viscosity * times[f]);
    for (std::size_t i = 0; i < n; ++i) {
      const double x = slab.position[3 * i], y = slab.position[3 * i + 1], z = slab.position[3 * i + 2];
      double* u = &velocity.values[3 * (f * n + i)];
      u[0] = std::sin(x) * std::cos(y) * std::cos(z) * decay;
      u[1] = -std::cos(x) * std::sin(y) * std::cos(z) * decay;
      pressure.values[f * n + i] = (std::cos(2 * x) + std::cos(2 * y)) * (std::cos(2 * z) + 2) / 16 * (decay * decay);
    }
  }
  slab.times.assign(times.begin(), times.end());
  slab.fields.push_back(std::move(velocity));
  slab.fields.push_back(std::move(pressure));
}

}  // namespace halograph
