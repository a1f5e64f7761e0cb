// SPDX-License-Identifier: BSD-3-Clause
// What is computed on: a periodic box of spectral elements of order 3 with a Taylor-Green vortex, cut by coordinates;
// the network learns the velocity at a later time from the velocity.
#pragma once

#include <array>
#include <memory>

#include <halograph/train/case.hpp>

namespace halograph::bench {

struct Problem {
  train::Case data;
  std::array<std::int64_t, 3> elements{};
  double setup_seconds = 0;  ///< generating, cutting, distributing and preparing, the slowest rank

  const Graph& graph() const { return data.graph(); }
  double nodes() const { return double(graph().nodes()->global_rows()); }
  double edges() const { return double(graph().edges()->global_rows()); }
};

inline constexpr int box_order = 3;

/// `patches` 0: as many as the number of nodes asks for. Collective.
std::shared_ptr<const Problem> make_problem(const Communicator& comm, const std::array<std::int64_t, 3>& elements,
                                            std::int64_t patches, DType dtype);

}  // namespace halograph::bench
