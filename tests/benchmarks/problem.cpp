// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/problem.hpp"

#include <optional>

#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/slab/partition.hpp>

#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {

std::shared_ptr<const Problem> make_problem(const Communicator& comm, const std::array<std::int64_t, 3>& elements,
                                            std::int64_t patches, DType dtype) {
  train::Config config;
  config.input = config.target = {"velocity"};
  config.target_shift = 1;
  config.dtype = dtype;
  const std::vector<double> times{0, 0.5};
  std::optional<train::Case> data;
  const Sample setup = measure(comm, [&] {
    BoxOptions box;
    box.elements = elements;
    box.order = box_order;
    GraphSlab slab = spectral_box(box, comm.rank(), comm.size());
    add_taylor_green(slab, times);
    partition(comm, slab, coordinate_bisection({patches}));
    data = train::make_case(comm, config, std::move(slab));
  });
  return std::make_shared<const Problem>(Problem{std::move(*data), elements, setup.wall});
}

}  // namespace halograph::bench
